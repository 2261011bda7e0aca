import type { Decision } from "@tallystick/definitions";
import {
  type Cbor,
  type CommittedField,
  type DefinitionAction,
  decodeDefinition,
  encode,
} from "@tallystick/ledger";
import { decodeFields, encodeFields } from "../delivery/contents.ts";
import {
  ActRefused,
  actOnce,
  type Prepared,
  type RecordedAct,
  storedAct,
  TryLater,
} from "./act.ts";
import type { Body } from "./body.ts";
import {
  type CaseRecord,
  DECISION_RECORD,
  readCase,
  readFacts,
  WAITING_RECORD,
} from "./case-records.ts";
import { rootOf, saltFields } from "./commitments.ts";
import {
  type DecisionInput,
  LEDGER_OUTCOMES,
  type WorkedDecision,
  workDecision,
} from "./decision.ts";

/** A decision as the vault keeps it: what the applicant and an auditor are shown. */
export interface KeptDecision {
  readonly action: string;
  readonly outcome: Decision["outcome"];
  readonly reason: string | null;
  /** Under the commitment of the decision, in order. */
  readonly fields: readonly CommittedField[];
}

/** Why the rule could not tell. */
export interface Waiting {
  readonly reason: string;
  readonly missing: readonly string[];
}

/**
 * Decides a case by the rule that it pins, and records the decision. Null when there is nothing to
 * decide: it was erased, is in no state to be decided, or the rule cannot tell yet.
 */
export async function decideCase(body: Body, caseId: Uint8Array): Promise<RecordedAct | null> {
  const found = await readCase(body.member.vault, caseId);
  if (found === null) return null;
  const stored = await storedAct(body, caseId, DECISION_RECORD);
  const worked = stored === null ? await work(body, caseId, found) : null;
  if (stored === null && worked === null) return null;
  return actOnce(body, {
    scope: caseId,
    name: DECISION_RECORD,
    prepare: async () => prepare(body, caseId, worked as Worked),
  });
}

interface Worked extends WorkedDecision {
  readonly action: string;
  readonly definition: Uint8Array;
}

async function work(body: Body, caseId: Uint8Array, found: CaseRecord): Promise<Worked | null> {
  const input = await decisionInput(body, caseId, found);
  const action = decidingAction(body, caseId);
  if (input === null || action === null) return null;
  const worked = workDecision(body.decide, body.ledger.host.sha256, input);
  const { outcome, reason, missing } = worked.decision;
  if (outcome === "undecided") {
    const bytes = encode([reason ?? "", [...missing]]);
    await body.member.vault.put(caseId, [{ name: WAITING_RECORD, bytes }]);
    return null;
  }
  return { ...worked, action: action.name, definition: input.definition };
}

/** Everything that the decision is made of; null when some of it is not kept any more. */
export async function decisionInput(
  body: Body,
  caseId: Uint8Array,
  { opened, definition, shownBy }: CaseRecord,
): Promise<DecisionInput | null> {
  const { definitions, view, ledger, member } = body;
  const compiled = definitions.get(definition);
  const adoption = view.adoptionOf(member.id, definition);
  const recorded = ledger.recorded(opened);
  if (recorded === null) throw new TryLater("node/behind");
  if (compiled === null || adoption === null) return null;
  const kept = await readFacts(member.vault, caseId);
  const presentations = shownBy.flatMap((fact) => kept.get(fact)?.presentation ?? []);
  if (presentations.length !== shownBy.length) return null;
  const facts = [...inOrder(compiled.service.facts, kept)].flatMap(({ fields }) => fields);
  const openedAtMs = recorded.blockTimeMs;
  return { compiled, definition, facts, presentations, openedAtMs, areas: adoption.areas };
}

/** Facts in the definition's order: a vault lists them by name. */
function* inOrder<T>(
  facts: readonly { readonly name: string }[],
  kept: ReadonlyMap<string, T>,
): Iterable<T> {
  for (const { name } of facts) {
    const fact = kept.get(name);
    if (fact !== undefined) yield fact;
  }
}

/** The decision that the body itself takes in the state in which the case is. */
function decidingAction({ view, member }: Body, caseId: Uint8Array): DefinitionAction | null {
  const found = view.caseOf(caseId);
  const bytes = found?.authority === member.id ? view.definition(found.definition) : null;
  const process = bytes === null ? null : decodeDefinition(bytes)?.process;
  const isOwn = (role: string): boolean =>
    process?.roles.some(({ name, kind }) => name === role && kind === "member") === true;
  return (
    process?.actions.find(
      ({ from, to, by }) =>
        typeof to !== "string" && from.includes(found?.state ?? "") && by.some(isOwn),
    ) ?? null
  );
}

function prepare(body: Body, caseId: Uint8Array, worked: Worked): Prepared {
  const { decision, action, definition, tables } = worked;
  const fields = saltFields(body, worked.fields);
  const commitment = rootOf(body, caseId, fields);
  if (decision.outcome === "undecided" || commitment === null) {
    throw new ActRefused("bodies/decision-cannot-be-committed");
  }
  const message = {
    type: "services/decide",
    case: caseId,
    action,
    outcome: LEDGER_OUTCOMES[decision.outcome],
    ruleHash: definition,
    tables,
    commitment,
  } as const;
  const kept = [action, decision.outcome, decision.reason, encodeFields(fields)];
  return { messages: [message], kept };
}

/** The decision in what `actOnce` kept. */
export function readDecision(kept: Cbor): KeptDecision {
  const [action, outcome, reason, fields] = kept as [string, string, string | null, Cbor];
  const decided = outcome === "granted" ? "granted" : "refused";
  return { action, outcome: decided, reason, fields: decodeFields(fields) ?? [] };
}

/** A field's value as text, or null. */
export const textField = (fields: readonly CommittedField[], name: string): string | null => {
  const value = fields.find((field) => field.name === name)?.value;
  return typeof value === "string" ? value : null;
};
