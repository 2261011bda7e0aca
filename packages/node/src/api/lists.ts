import { toHex } from "@tallystick/log";
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
