import type { VerifiedCredential } from "@tallystick/credentials";
import type { MessageOf } from "@tallystick/ledger";
import { equal, type Hash, toHex } from "@tallystick/log";
import { decodeContents, type OpeningContents } from "../delivery/contents.ts";
import { OPENING_PREFIX } from "../delivery/receive.ts";
import { actOnce, decodeOwn, type Prepared, TryLater } from "./act.ts";
import { askUnder } from "./ask.ts";
import type { Body } from "./body.ts";
import { rootOf, saltFields } from "./commitments.ts";
import { LEDGER_OUTCOMES, type WorkedDecision, workDecision } from "./decision.ts";
import { judgePresentations } from "./judge-presentations.ts";
import type { RecordedTransaction } from "./ledger-access.ts";
import { sameValue } from "./openings.ts";
import { matchFacts } from "./shown-facts.ts";

/** What an auditor may find wrong with a decision, in the order in which it is looked for. */
export const AUDIT_FAULTS = [
  "audit/opening-differs",
  "audit/facts-commitment-differs",
  "audit/decision-commitment-differs",
  "audit/presentation-refused",
  "audit/fact-not-proven",
  "audit/outcome-differs",
  "audit/tables-differ",
  "audit/decision-fields-differ",
] as const;
export type AuditFault = (typeof AUDIT_FAULTS)[number];

/** Vault records of findings. */
export const FINDING_PREFIX = "finding/";

interface FindingQuery {
  readonly caseId: Uint8Array;
  readonly decision: Hash;
}

/** Makes a drawn decision again out of its opening, and records whether this body agrees. */
export async function findOnDecision(body: Body, query: FindingQuery): Promise<void> {
  const name = `${OPENING_PREFIX}${toHex(query.decision)}`;
  const bytes = await body.member.vault.get(query.caseId, name);
  const contents = bytes === null ? null : decodeContents(bytes);
  if (contents?.kind !== "opening" || body.view.drawOf(query.decision)?.hasFinding === true) return;
  await actOnce(body, {
    scope: query.caseId,
    name: `${FINDING_PREFIX}${toHex(query.decision)}`,
    prepare: async () => prepare(body, query, await auditDecision(body, query, contents)),
  });
}

function prepare(
  body: Body,
  { caseId, decision }: FindingQuery,
  faults: readonly AuditFault[],
): Prepared {
  const fields = saltFields(body, [
    { name: "act", value: decision },
    { name: "agrees", value: faults.length === 0 },
    { name: "faults", value: [...faults] },
  ]);
  const findings = rootOf(body, caseId, fields) as Hash;
  const message = { type: "services/finding", act: decision, agrees: faults.length === 0 } as const;
  return { messages: [{ ...message, findings }], kept: [...faults] };
}

/** The acts on the ledger that the opening is about. */
interface Acts {
  readonly opened: RecordedTransaction;
  readonly opening: MessageOf<"services/open">;
  readonly deciding: MessageOf<"services/decide">;
}

/** Everything that is wrong with a decision; empty when this body would have decided the same. */
export async function auditDecision(
  body: Body,
  { caseId, decision }: FindingQuery,
  contents: OpeningContents,
): Promise<readonly AuditFault[]> {
  const acts = actsOf(body, decision, contents);
  const isAbout = equal(contents.caseId, caseId) && equal(contents.act, decision);
  if (acts === null || !isAbout) return ["audit/opening-differs"];
  const faults = new Set<AuditFault>();
  const { opening, deciding } = acts;
  if (!isRoot(body, opening.commitment, caseId, contents.facts)) {
    faults.add("audit/facts-commitment-differs");
  }
  if (!isRoot(body, deciding.commitment, caseId, contents.decision)) {
    faults.add("audit/decision-commitment-differs");
  }
  for (const fault of await judgeProofs(body, acts, contents)) faults.add(fault);
  for (const fault of judgeOutcome(body, acts, contents)) faults.add(fault);
  return AUDIT_FAULTS.filter((fault) => faults.has(fault));
}

function actsOf({ ledger }: Body, decision: Hash, { opened: id }: OpeningContents): Acts | null {
  const [decided, opened] = [ledger.recorded(decision), ledger.recorded(id)];
  if (decided === null) throw new TryLater("node/behind");
  if (opened === null || opened.refusal !== null) return null;
  const decidings = decodeOwn(ledger, decided.bytes).payload.messages;
  const deciding = decidings.find((message) => message.type === "services/decide");
  const [opening] = decodeOwn(ledger, opened.bytes).payload.messages;
  if (deciding === undefined || opening?.type !== "services/open") return null;
  return equal(opening.case, deciding.case) ? { opened, opening, deciding } : null;
}

function isRoot(
  body: Body,
  commitment: Hash,
  caseId: Uint8Array,
  fields: OpeningContents["facts"],
): boolean {
  const root = rootOf(body, caseId, fields);
  return root !== null && equal(root, commitment);
}

/** Are the facts those that accredited issuers stated about whoever holds one key? */
async function judgeProofs(
  body: Body,
  { opened, opening }: Acts,
  contents: OpeningContents,
): Promise<readonly AuditFault[]> {
  const { authority, definition } = opening;
  const adoption = body.view.adoptionOf(authority, definition);
  const asked = adoption === null ? null : askUnder(body, authority, adoption);
  if (asked === null) return ["audit/presentation-refused"];
  const { presentations, audience, nonce } = contents;
  const isToAuthority = audience === asked.audience;
  const judged = await judgePresentations(
    body,
    { presentations, audience, nonce, allowedVct: asked.facts.map(({ vct }) => vct) },
    { nowSeconds: Number(opened.blockTimeMs / 1000n), statuses: null },
  );
  if (!judged.ok || !isToAuthority) return ["audit/presentation-refused"];
  const credentials: readonly VerifiedCredential[] = judged.credentials;
  const matched = matchFacts(asked, credentials, contents.facts);
  return matched.ok ? [] : ["audit/fact-not-proven"];
}

/** Does the rule, run again, say what stands on the ledger and under the decision's commitment? */
function judgeOutcome(body: Body, acts: Acts, contents: OpeningContents): readonly AuditFault[] {
  const { opened, opening, deciding } = acts;
  const worked = work(body, { opened, opening, contents });
  if (worked === null) return ["audit/outcome-differs"];
  const { decision, tables, fields } = worked;
  const faults: AuditFault[] = [];
  const isSame =
    decision.outcome !== "undecided" && LEDGER_OUTCOMES[decision.outcome] === deciding.outcome;
  if (!isSame) faults.push("audit/outcome-differs");
  const named = (list: typeof tables): string =>
    JSON.stringify(list.map(({ name, version }) => [name, version]));
  if (named(tables) !== named(deciding.tables)) faults.push("audit/tables-differ");
  const isCommitted =
    fields.length === contents.decision.length &&
    fields.every(({ name, value }, at) => {
      const found = contents.decision[at];
      return found?.name === name && sameValue(found.value, value);
    });
  if (!isCommitted) faults.push("audit/decision-fields-differ");
  return faults;
}

interface WorkQuery {
  readonly opened: RecordedTransaction;
  readonly opening: MessageOf<"services/open">;
  readonly contents: OpeningContents;
}

function work(body: Body, { opened, opening, contents }: WorkQuery): WorkedDecision | null {
  const { definitions, view, decide, ledger } = body;
  const { definition, authority } = opening;
  const compiled = definitions.get(definition);
  const adoption = view.adoptionOf(authority, definition);
  if (compiled === null || adoption === null) return null;
  const { facts, presentations } = contents;
  const { areas } = adoption;
  const openedAtMs = opened.blockTimeMs;
  try {
    const input = { compiled, definition, facts, presentations, openedAtMs, areas };
    return workDecision(decide, ledger.host.sha256, input);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}
