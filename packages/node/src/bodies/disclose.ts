import type { Disclosure, Service } from "@tallystick/definitions";
import type { Cbor, CborInput, Message } from "@tallystick/ledger";
import { encodeContents, encodeFields } from "../delivery/contents.ts";
import { sealEnvelope } from "../delivery/envelope.ts";
import { dueAfter } from "../vault/retention.ts";
import { ActRefused, actOnce, type Prepared, type RecordedAct, TryLater } from "./act.ts";
import type { Body } from "./body.ts";
import { readCase, readFacts } from "./case-records.ts";
import { type PlainField, rootOf, saltFields } from "./commitments.ts";
import { readDecision } from "./decide-case.ts";
import { givenCredential } from "./give-credentials.ts";

/** Vault records of what was disclosed: `sent/<disclosure>/<recipient>`. */
export const SENT_PREFIX = "sent/";

/** One disclosure to one recipient. */
interface Sending {
  readonly disclosure: Disclosure;
  readonly recipient: string;
  readonly agreement: string | null;
  readonly fields: readonly PlainField[];
}

/**
 * Discloses what the definition names, to each body that a live gateway covers: recorded on the
 * ledger first, then handed to the outbox, sealed. What the case does not have (a pass that was not
 * given) is not disclosed. Throws TryLater `services/no-live-gateway` while a gateway is missing.
 */
export async function discloseCase(
  body: Body,
  caseId: Uint8Array,
  decided: RecordedAct,
): Promise<void> {
  const found = await readCase(body.member.vault, caseId);
  const service = found === null ? null : body.definitions.get(found.definition)?.service;
  if (service === null || service === undefined) return;
  for (const disclosure of service.disclosures) {
    if (disclosure.from !== service.controller) continue;
    const fields = await fieldsOf(body, { caseId, service, disclosure, decided });
    if (fields === null) continue;
    for (const { recipient, agreement } of recipientsOf(body, service, disclosure)) {
      await discloseTo(body, caseId, { disclosure, recipient, agreement, fields });
    }
  }
}

async function discloseTo(body: Body, caseId: Uint8Array, sending: Sending): Promise<void> {
  const { disclosure, recipient } = sending;
  const done = await actOnce(body, {
    scope: caseId,
    name: `${SENT_PREFIX}${disclosure.name}/${recipient}`,
    prepare: () => prepare(body, caseId, sending),
  });
  if (done === null) return;
  const { envelope, acknowledgeByMs } = readSent(done.kept);
  if (body.view.disclosure(done.recorded.id, 0)?.isAcknowledged === true) return;
  const outgoing = { kind: "disclosure", scope: caseId, recipient, envelope } as const;
  body.outbox.add(
    { ...outgoing, reference: done.recorded.id, acknowledgeByMs },
    Number(body.ledger.now()),
  );
}

async function prepare(body: Body, caseId: Uint8Array, sending: Sending): Promise<Prepared> {
  const { ledger } = body;
  const { disclosure, recipient, agreement } = sending;
  const fields = saltFields(body, sending.fields);
  const commitment = rootOf(body, caseId, fields);
  if (commitment === null) throw new ActRefused("bodies/disclosure-cannot-be-committed");
  const envelope = await sealEnvelope({
    networkId: ledger.networkId,
    recipientKey: sealingKeyOf(body, recipient),
    context: { caseId, name: disclosure.name, recipient },
    contents: encodeContents({ kind: "disclosure", caseId, fields }),
  });
  const within = { duration: disclosure.acknowledgeWithin, after: "disclosed" };
  const acknowledgeByMs = BigInt(dueAfter(within, ledger.now()).dueMs);
  const message: Message = {
    type: "services/disclose",
    case: caseId,
    disclosure: disclosure.name,
    recipient,
    agreement,
    commitment,
    envelope: ledger.host.sha256.one(envelope),
    acknowledgeByMs,
  };
  return { messages: [message], kept: [envelope, acknowledgeByMs, encodeFields(fields)] };
}

/** The key that a member's envelopes are sealed to, out of genesis. */
export function sealingKeyOf({ ledger }: Pick<Body, "ledger">, member: string): Uint8Array {
  const found = ledger.genesis.members.find(({ id }) => id === member);
  if (found === undefined) throw new RangeError(`${member} is no member of this network`);
  return found.sealingKey;
}

const readSent = (kept: Cbor): { envelope: Uint8Array; acknowledgeByMs: number } => {
  const [envelope, acknowledgeByMs] = kept as [Uint8Array, bigint, Cbor];
  return { envelope, acknowledgeByMs: Number(acknowledgeByMs) };
};

interface Addressed {
  readonly recipient: string;
  readonly agreement: string | null;
}

/** Members in the recipient's role; each through the agreement that covers this very flow. */
function recipientsOf(body: Body, service: Service, disclosure: Disclosure): Addressed[] {
  const { ledger, view, member } = body;
  const role = service.roles.find(({ name }) => name === disclosure.to);
  const what = disclosure.what.map((field) => `${service.service}/${field}`);
  const holders = ledger.genesis.members.filter(
    ({ id, roles }) => id !== member.id && role?.holds != null && roles.includes(role.holds),
  );
  if (disclosure.gateway === null) {
    return holders.map(({ id }) => ({ recipient: id, agreement: null }));
  }
  const { gateway } = disclosure;
  const addressed = holders.flatMap(({ id }): Addressed[] => {
    const agreement = view.gatewayFor(gateway, { from: member.id, to: id, what });
    return agreement === null ? [] : [{ recipient: id, agreement: agreement.id }];
  });
  if (addressed.length === 0) throw new TryLater("services/no-live-gateway");
  return addressed;
}

interface FieldsQuery {
  readonly caseId: Uint8Array;
  readonly service: Service;
  readonly disclosure: Disclosure;
  readonly decided: RecordedAct;
}

/** The values to disclose, in the definition's order; null when the case lacks one of them. */
async function fieldsOf(body: Body, query: FieldsQuery): Promise<readonly PlainField[] | null> {
  const fields: PlainField[] = [];
  for (const name of query.disclosure.what) {
    const value = await disclosedValue(body, query, name);
    if (value === null) return null;
    fields.push({ name, value });
  }
  return fields;
}

/** `pass.status`: where the pass's status lies and what it is. Else a fact or a field decided. */
async function disclosedValue(
  body: Body,
  { caseId, service, decided }: FieldsQuery,
  name: string,
): Promise<CborInput | null> {
  const [first = "", part] = name.split(".");
  const give = service.gives.find((one) => one.name === first);
  if (give !== undefined && part === "status") {
    const given = await givenCredential(body, caseId, first);
    return given === null ? null : [given.uri, given.index, 0];
  }
  const facts = await readFacts(body.member.vault, caseId);
  const { fields } = readDecision(decided.kept);
  const known = [...[...facts.values()].flatMap((fact) => fact.fields), ...fields];
  const names = [name, `workedOut.${name}`, `gives.${name}`];
  return known.find((field) => names.includes(field.name))?.value ?? null;
}
