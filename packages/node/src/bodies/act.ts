import {
  assembleTransaction,
  type Cbor,
  type CborInput,
  decode,
  decodeTransaction,
  encode,
  keyId,
  type Message,
  signingBytes,
  type Transaction,
} from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import type { Body } from "./body.ts";
import type { LedgerAccess, RecordedTransaction } from "./ledger-access.ts";

/** A member's signed transaction, not sent yet. */
export interface SignedAct {
  readonly id: Hash;
  readonly bytes: Uint8Array;
}

/** The ledger cannot take it now; the task is tried again later. */
export class TryLater extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`Not now: ${code}`);
    this.name = "TryLater";
    this.code = code;
  }
}

/** The ledger's rules stand against an act of this body. Trying again changes nothing by itself. */
export class ActRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`The ledger refused it: ${code}`);
    this.name = "ActRefused";
    this.code = code;
  }
}

/** How long an act may wait for its block. */
const VALIDITY_MS = 300_000n;
const NONCE_BYTES = 16;
const ALGORITHM = -19;

/** Signs messages with the member's act key, at its first registered site. */
export function signAct(body: Body, messages: readonly Message[]): SignedAct {
  const { member, ledger, randomBytes } = body;
  const key = { kind: "ed25519", publicKey: member.act.publicKey } as const;
  const unsigned = {
    networkId: ledger.networkId,
    algorithm: ALGORITHM,
    keyId: keyId(ledger.host.sha256, key),
    payload: {
      nonce: randomBytes(NONCE_BYTES),
      validUntilMs: ledger.now() + VALIDITY_MS,
      actedAtMs: null,
      place: { kind: "site", siteId: member.registered.sites[0]?.id ?? "main" },
      capacity: { kind: "self" },
      sponsor: null,
      messages,
    },
  } as const;
  const message = signingBytes(unsigned);
  const bytes = assembleTransaction({ ...unsigned, signature: member.act.sign(message) });
  return { id: ledger.host.sha256.one(message), bytes };
}

/** Records messages that carry no secret of their own. Throws TryLater or ActRefused. */
export async function act(body: Body, messages: readonly Message[]): Promise<RecordedTransaction> {
  return submitted(body, signAct(body, messages));
}

async function submitted({ ledger }: Body, { id, bytes }: SignedAct): Promise<RecordedTransaction> {
  const answer = await ledger.submit(bytes);
  const recorded = ledger.recorded(id);
  if (recorded !== null && recorded.refusal === null) return recorded;
  const code = recorded?.refusal ?? (answer.ok ? "node/behind" : answer.code);
  throw code.startsWith("node/") ? new TryLater(code) : new ActRefused(code);
}

/** What an act is about, and what the body keeps of it: salts, values, an envelope. */
export interface Prepared {
  readonly messages: readonly Message[];
  readonly kept: CborInput;
}

/** An act that stands on the ledger, with what was kept of it. */
export interface RecordedAct {
  readonly recorded: RecordedTransaction;
  readonly kept: Cbor;
}

interface ActOnce {
  readonly scope: Uint8Array;
  /** The vault record under which the act and its secrets are kept. */
  readonly name: string;
  readonly prepare: () => Promise<Prepared>;
}

/**
 * Records an act that commits to secrets, once, whenever this node stops and starts: what it
 * commits to is in the vault before the act is sent, and the same bytes are sent again while they
 * are valid. Null when the case was erased meanwhile. Throws TryLater or ActRefused.
 */
export async function actOnce(body: Body, once: ActOnce): Promise<RecordedAct | null> {
  let stored = await storedAct(body, once.scope, once.name);
  if (stored === null) {
    const { messages, kept } = await once.prepare();
    stored = await keep(body, once, { act: signAct(body, messages), kept });
  }
  if (stored === null) return null;
  const known = body.ledger.recorded(stored.act.id);
  if (known !== null) return settled(known, stored.kept);
  if (isExpired(body, stored.act)) {
    const { messages } = decodeOwn(body.ledger, stored.act.bytes).payload;
    stored = await keep(body, once, { act: signAct(body, messages), kept: stored.kept });
    if (stored === null) return null;
  }
  const recorded = await submitted(body, stored.act);
  return { recorded, kept: stored.kept };
}

/** An act of this body as the vault keeps it. */
export interface StoredAct {
  readonly act: SignedAct;
  readonly kept: Cbor;
}

/** What `actOnce` put under the name; null for nothing. */
export async function storedAct(
  { member, ledger }: Pick<Body, "member" | "ledger">,
  scope: Uint8Array,
  name: string,
): Promise<StoredAct | null> {
  const bytes = await member.vault.get(scope, name);
  const decoded = bytes === null ? null : decode(bytes);
  if (decoded === null || !decoded.ok) return null;
  const [transaction, kept] = decoded.value as [Uint8Array, Cbor];
  return { act: { id: decodeOwn(ledger, transaction).id, bytes: transaction }, kept };
}

interface Kept {
  readonly act: SignedAct;
  readonly kept: CborInput;
}

async function keep(body: Body, { scope, name }: ActOnce, kept: Kept): Promise<StoredAct | null> {
  const bytes = encode([kept.act.bytes, kept.kept]);
  const isPut = await body.member.vault.put(scope, [{ name, bytes }]);
  return isPut ? storedAct(body, scope, name) : null;
}

const settled = (recorded: RecordedTransaction, kept: Cbor): RecordedAct => {
  if (recorded.refusal !== null) throw new ActRefused(recorded.refusal);
  return { recorded, kept };
};

const isExpired = ({ ledger }: Body, { bytes }: SignedAct): boolean =>
  decodeOwn(ledger, bytes).payload.validUntilMs <= ledger.now();

/** A transaction that came from this node's own vault or ledger: it decodes, or all is lost. */
export function decodeOwn(
  { host, networkId }: Pick<LedgerAccess, "host" | "networkId">,
  bytes: Uint8Array,
): Transaction {
  const decoded = decodeTransaction(host, networkId, bytes);
  if (!decoded.ok) throw new RangeError(`a stored transaction does not decode: ${decoded.code}`);
  return decoded.transaction;
}
