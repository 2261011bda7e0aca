import { sayDuration, sayField, sayName } from "@tallystick/client";
import {
  type Adoption,
  type DefinitionAction,
  type DefinitionTimer,
  dayToText,
  getPublication,
  listAdoptions,
  listPublications,
  type Publication,
  parametersOf,
} from "@tallystick/ledger";
import { equal, fromHex, type Hash, toHex } from "@tallystick/log";
import type {
  ActionView,
  AdoptionView,
  DefinitionSummary,
  DefinitionView,
  DisclosureView,
} from "@tallystick/portal";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";
import { disclosingPower } from "./powers.ts";
import type { Register } from "./register.ts";
import type { KnownService, Services } from "./services.ts";
import { inCell } from "./words.ts";

/** Every definition that was proposed, published ones first, then by name, newest version first. */
export const definitionSummaries = (node: ExplorerNode, register: Register): DefinitionSummary[] =>
  [...listPublications(stateOf(node))]
    .map(({ definition, ...publication }) => summaryOf(node, register, { definition, publication }))
    .sort(inOrder);

/** One definition in full; null when nobody proposed it. */
export const definitionView = (
  node: ExplorerNode,
  parts: { readonly register: Register; readonly services: Services },
  hash: string,
): DefinitionView | null => {
  const definition = fromHex(hash) ?? new Uint8Array();
  const publication = getPublication(stateOf(node), definition);
  const known = publication === null ? null : parts.services.get(definition);
  if (publication === null || known === null) return null;
  const { process } = known.definition;
  return {
    ...summaryOf(node, parts.register, { definition, publication }),
    roles: process.roles.map(({ name, kind }) => ({ name, kind })),
    states: process.states.map(({ name, kind }) => ({ name, kind })),
    actions: process.actions.map(actionView),
    timers: process.timers.map((timer) => ({
      state: timer.state,
      after: sayDuration(timer.after),
      what: sayTimer(timer),
    })),
    disclosures: disclosureViews(known),
  };
};

const summaryOf = (
  node: ExplorerNode,
  register: Register,
  found: { readonly definition: Hash; readonly publication: Publication },
): DefinitionSummary => {
  const { service, version, votes, publishedAtMs } = found.publication;
  return {
    hash: toHex(found.definition),
    ...{ service, version },
    stage: publishedAtMs === null ? "proposed" : "published",
    votes: votes.length,
    votesNeeded: Number(parametersOf(node.replica.state.genesis)?.publicationVotes ?? 1n),
    adoptions: adoptionsOf(node, register, found.definition),
  };
};

const adoptionsOf = (
  node: ExplorerNode,
  register: Register,
  definition: Hash,
): readonly AdoptionView[] =>
  node.replica.state.genesis.members.flatMap(({ id }) =>
    [...listAdoptions(stateOf(node), id)]
      .filter((adoption) => equal(adoption.definition, definition))
      .map((adoption) => adoptionView(register, id, adoption)),
  );

const adoptionView = (register: Register, member: string, adoption: Adoption): AdoptionView => ({
  member: register.member(member),
  areas: inCell(adoption.areas.map((code) => register.area(code))),
  minute: adoption.minute,
  inForceFrom: dayToText(adoption.inForceFromDay),
});

const actionView = ({ name, by, from, to, gives }: DefinitionAction): ActionView => ({
  ...{ name, by, from, gives: gives.map(sayField) },
  to: typeof to === "string" ? [to] : to.map((end) => end.to),
});

const sayTimer = ({ kind, target }: DefinitionTimer): string => {
  switch (kind) {
    case "alarm":
      return `The ${sayName(target)} is warned`;
    case "go-to":
      return `The case becomes ${sayName(target)}`;
    case "do":
      return `The action “${sayName(target)}” is taken`;
  }
};

const disclosureViews = ({ definition, rules }: KnownService): DisclosureView[] =>
  definition.process.disclosures.map(({ name, from, to, what, gateway }) => ({
    ...{ name, from, to, what: what.map(sayField) },
    gateway: gateway && sayGateway(gateway, rules && disclosingPower(rules, name, [])),
  }));

const sayGateway = (gateway: string, power: string | null): string =>
  `An agreement “${sayName(gateway)}”${power === null ? "" : `, under ${power}`}`;

const inOrder = (a: DefinitionSummary, b: DefinitionSummary): number =>
  Number(a.stage === "proposed") - Number(b.stage === "proposed") ||
  a.service.localeCompare(b.service, "en") ||
  b.version.localeCompare(a.version, "en", { numeric: true });
