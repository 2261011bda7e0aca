import { listAdoptions, listAgreements, listPublications } from "@tallystick/ledger";
import { equal, toHex } from "@tallystick/log";
import type { ApiContext } from "./context.ts";
import { integerOf, json, type Parameters, type Route } from "./route.ts";
import { listQuery } from "./schemas.ts";

const DEFAULT_LISTED = 50;

/** Lists for people who look around. Cases appear by their pseudonymous ids only. */
export const listRoutes = (context: ApiContext): Route[] => [
  {
    method: "get",
    path: "/v1/counts",
    summary: "How many transactions, cases, disclosures and draws there are",
    answers: { 200: { what: "Counts" } },
    handle: () => json(context.views.counts()),
  },
  {
    method: "get",
    path: "/v1/disclosures",
    summary: "What bodies passed on, and whether it was acknowledged",
    query: listQuery,
    answers: { 200: { what: "Newest first" } },
    handle: (_, parameters) => disclosures(context, parameters),
  },
  {
    method: "get",
    path: "/v1/draws",
    summary: "Decisions drawn by lot for the auditor, and what was found",
    query: listQuery,
    answers: { 200: { what: "Newest first" } },
    handle: (_, parameters) => draws(context, parameters),
  },
  {
    method: "get",
    path: "/v1/agreements",
    summary: "The register of data-sharing agreements, with who has accepted",
    answers: { 200: { what: "In order of id" } },
    handle: () => json({ agreements: plain([...listAgreements(context.replica.state.map)]) }),
  },
  {
    method: "get",
    path: "/v1/services",
    summary: "Service definitions, their votes and the members that adopted them",
    answers: { 200: { what: "In order of definition hash" } },
    handle: () => json({ services: services(context) }),
  },
];

const before = (parameters: Parameters): number =>
  integerOf(parameters, "before", Number.MAX_SAFE_INTEGER);

const hexOrNull = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : toHex(bytes);

function disclosures({ views }: ApiContext, parameters: Parameters): Response {
  const limit = integerOf(parameters, "limit", DEFAULT_LISTED);
  const rows = views.disclosures(before(parameters), limit).map((row) => ({
    ...row,
    id: toHex(row.id),
    caseId: toHex(row.caseId),
    acknowledged: hexOrNull(row.acknowledged),
  }));
  return json({ disclosures: rows });
}

function draws({ views }: ApiContext, parameters: Parameters): Response {
  const limit = integerOf(parameters, "limit", DEFAULT_LISTED);
  const rows = views.draws(before(parameters), limit).map((row) => ({
    act: toHex(row.act),
    drawn: toHex(row.drawn),
    cosigner: row.cosigner,
    opened: hexOrNull(row.opened),
    finding: hexOrNull(row.finding),
    agrees: row.agrees,
  }));
  return json({ draws: rows });
}

function services({ replica }: ApiContext): unknown {
  const { map, genesis } = replica.state;
  const adopted = genesis.members.flatMap(({ id }) =>
    [...listAdoptions(map, id)].map((adoption) => ({ member: id, ...adoption })),
  );
  const published = [...listPublications(map)].map((publication) => ({
    ...publication,
    adoptions: adopted.filter(({ definition }) => equal(definition, publication.definition)),
  }));
  return plain(published);
}

/** A record of the state as JSON has it: bytes in hexadecimal, times and counts as numbers. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
