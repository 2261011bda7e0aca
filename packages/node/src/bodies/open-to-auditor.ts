import type { Cbor } from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";
import { encodeContents } from "../delivery/contents.ts";
import { sealEnvelope } from "../delivery/envelope.ts";
import { sealedName } from "../delivery/receive.ts";
import { actOnce, type Prepared, storedAct } from "./act.ts";
import type { Body } from "./body.ts";
import { type CaseRecord, DECISION_RECORD, readCase } from "./case-records.ts";
import { decisionInput, readDecision } from "./decide-case.ts";
import { sealingKeyOf } from "./disclose.ts";

const AUDITOR_ROLE = "auditor";
/** Vault records of what was opened for audit. */
const OPENED_PREFIX = "opened/";

interface OpeningQuery {
  readonly caseId: Uint8Array;
  readonly decision: Hash;
}

/**
 * Opens a drawn decision of this body to the auditor: everything that it was made of, sealed.
 * Nothing is left to open once the case is erased or its facts' time is over; the ledger then shows
 * the act as unopened.
 */
export async function openToAuditor(body: Body, query: OpeningQuery): Promise<void> {
  const { view, outbox, ledger, member } = body;
  const draw = view.drawOf(query.decision);
  const found = await readCase(member.vault, query.caseId);
  const auditor = auditorFor(body, draw?.drawnBy ?? "");
  if (draw === null || draw.hasFinding || found === null || auditor === null) return;
  const contents = await contentsOf(body, query, found);
  if (contents === null) return;
  const done = await actOnce(body, {
    scope: query.caseId,
    name: `${OPENED_PREFIX}${toHex(query.decision)}`,
    prepare: () => prepare(body, query, { auditor, contents }),
  });
  if (done === null) return;
  const [envelope] = done.kept as [Uint8Array, Cbor];
  const outgoing = { kind: "opening", scope: query.caseId, recipient: auditor, envelope } as const;
  const acknowledgeByMs = draw.openByMs;
  outbox.add({ ...outgoing, reference: query.decision, acknowledgeByMs }, Number(ledger.now()));
}

/** Whoever drew it, if it is an auditor; else the first that is not this body itself. */
function auditorFor({ ledger, member }: Body, drawnBy: string): string | null {
  const auditors = ledger.genesis.members.filter(
    ({ id, roles }) => id !== member.id && roles.includes(AUDITOR_ROLE),
  );
  return (auditors.find(({ id }) => id === drawnBy) ?? auditors[0])?.id ?? null;
}

async function contentsOf(
  body: Body,
  { caseId, decision }: OpeningQuery,
  found: CaseRecord,
): Promise<Uint8Array | null> {
  const input = await decisionInput(body, caseId, found);
  const stored = await storedAct(body, caseId, DECISION_RECORD);
  if (input === null || stored === null) return null;
  return encodeContents({
    kind: "opening",
    caseId,
    act: decision,
    opened: found.opened,
    facts: input.facts,
    decision: readDecision(stored.kept).fields,
    presentations: input.presentations,
    audience: found.audience,
    nonce: found.nonce,
  });
}

async function prepare(
  body: Body,
  { caseId, decision }: OpeningQuery,
  { auditor, contents }: { readonly auditor: string; readonly contents: Uint8Array },
): Promise<Prepared> {
  const { ledger } = body;
  const envelope = await sealEnvelope({
    networkId: ledger.networkId,
    recipientKey: sealingKeyOf(body, auditor),
    context: { caseId, name: sealedName("opening", decision), recipient: auditor },
    contents,
  });
  const hash = ledger.host.sha256.one(envelope);
  const message = { type: "services/open-to-auditor", act: decision, auditor } as const;
  return { messages: [{ ...message, envelope: hash }], kept: [envelope, auditor] };
}
