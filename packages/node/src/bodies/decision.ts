import {
  type CompiledService,
  type Decision,
  type PlainValue,
  parseFacts,
} from "@tallystick/definitions";
import {
  type Cbor,
  type CommittedField,
  type Day,
  dayToText,
  londonDay,
  type TableVersion,
} from "@tallystick/ledger";
import type { Hash, Sha256 } from "@tallystick/log";
import type { DecideFunction } from "./body.ts";
import type { PlainField } from "./commitments.ts";
import { credentialHash } from "./credential-hash.ts";
import { factsOfFields } from "./shown-facts.ts";

/** What a decision is made of, the same for the body that makes it and whoever makes it again. */
export interface DecisionInput {
  readonly compiled: CompiledService;
  readonly definition: Hash;
  /** Every field under the commitment of the act that opened the case. */
  readonly facts: readonly CommittedField[];
  /** Every presentation shown, relied on or not. */
  readonly presentations: readonly string[];
  /** Block time of the act that opened the case. */
  readonly openedAtMs: bigint;
  /** Areas that the deciding body adopted the service for. */
  readonly areas: readonly string[];
}

/** A decision with what stands on the ledger and under its commitment. */
export interface WorkedDecision {
  readonly decision: Decision;
  /** The civil day in London of the block in which the application was recorded. */
  readonly asAt: Day;
  readonly fields: readonly PlainField[];
  readonly tables: readonly TableVersion[];
}

/** Decisions on the ledger: the outcome of the rule, in the definition's word for it. */
export const LEDGER_OUTCOMES = { granted: "grant", refused: "refuse" } as const;

/**
 * Runs the pinned rule on the committed facts. The fields to commit to follow from it in one order:
 * spec/bodies-api.md §6. Throws RangeError for facts that no application could have brought in.
 */
export function workDecision(
  decide: DecideFunction,
  sha: Sha256,
  input: DecisionInput,
): WorkedDecision {
  const { compiled, facts, areas } = input;
  const parsed = parseFacts(compiled.service, factsOfFields(facts));
  if (!parsed.ok) throw new RangeError("committed facts are not of the definition's form");
  const asAt = londonDay(input.openedAtMs);
  const decision = decide(compiled, { facts: parsed.facts, at: asAt, body: { areas } });
  const tables = decision.tables.map(({ name, version }) => ({ name, version }));
  return { decision, asAt, fields: fieldsOf(sha, input, { decision, asAt }), tables };
}

function fieldsOf(
  sha: Sha256,
  { compiled, definition, presentations }: DecisionInput,
  { decision, asAt }: Pick<WorkedDecision, "decision" | "asAt">,
): PlainField[] {
  const { workings, decide: rule } = compiled.service;
  return [
    { name: "rule", value: definition },
    { name: "asAt", value: dayToText(asAt) },
    ...decision.tables.map(({ name, version }) => ({ name: `table.${name}`, value: version })),
    ...presentations.map((text, at) => ({
      name: `credential.${at}`,
      value: credentialHash(sha, text),
    })),
    { name: "outcome", value: decision.outcome },
    { name: "reason", value: decision.reason },
    ...workings.map(({ name }) => ({
      name: `workedOut.${name}`,
      value: toCbor(decision.workedOut[name] ?? null),
    })),
    ...rule.grant.map(({ name }) => ({
      name: `gives.${name}`,
      value: toCbor(decision.gives[name] ?? null),
    })),
  ];
}

const toCbor = (value: PlainValue): Cbor => {
  if (typeof value === "number") return BigInt(value);
  if (typeof value === "object" && value !== null) return value.map(toCbor);
  return value;
};
