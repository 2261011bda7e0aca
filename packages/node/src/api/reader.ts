import {
  algorithmOf,
  cosignerName,
  decodeCoseKey,
  decodeTransaction,
  getKey,
  keyId,
  type Message,
} from "@tallystick/ledger";
import { equal, fromHex } from "@tallystick/log";
import { verifySignature } from "../crypto/host.ts";
import { readRequestClaim } from "../crypto/http-signature.ts";
import { ED25519, ESP256 } from "../crypto/self-test.ts";
import { nodeSha256 } from "../crypto/sha256.ts";
import type { ApiContext } from "./context.ts";

/** Who asks. Anyone may ask; a signed request shows as whom. */
export type Reader =
  | { readonly kind: "anyone" }
  /** A member whose operator executes, and so holds every body already. */
  | { readonly kind: "executor"; readonly member: string }
  /** A member by its own key, or by one of its staff. */
  | { readonly kind: "member"; readonly member: string; readonly keyId: Uint8Array }
  /** A person: whoever holds a key that has signed something. */
  | { readonly kind: "person"; readonly keyId: Uint8Array };

/** Genesis' read policy: 0 shows every body to all. */
const PUBLIC_POLICY = 0n;

const PUBLIC_KINDS: readonly string[] = ["services/publish", "services/vote", "services/adopt"];
const PUBLIC_MODULES: readonly string[] = ["members", "agreements", "credentials"];

/** The public key that a reader's `keyid` names, and who is behind it. */
interface KnownReader {
  readonly algorithm: -19 | -9;
  readonly publicKey: Uint8Array;
  readonly reader: Reader;
}

/** Who signed this request; null when its signature does not hold. spec/read-policy.md. */
export function identifyReader(context: ApiContext, request: Request): Reader | null {
  const signatureInput = request.headers.get("signature-input") ?? undefined;
  const signature = request.headers.get("signature") ?? undefined;
  if (signatureInput === undefined && signature === undefined) return { kind: "anyone" };
  const { method } = request;
  const url = new URL(request.url);
  const nowSeconds = Math.floor(context.clock.nowMs() / 1000);
  const claim = readRequestClaim({ method, url, signatureInput, signature }, nowSeconds);
  const known = claim === null ? null : knownReader(context, claim.keyId);
  if (claim === null || known === null) return null;
  const algorithm = claim.algorithm === "ed25519" ? ED25519 : ESP256;
  if (known.algorithm !== algorithm) return null;
  const holds = verifySignature(algorithm, known.publicKey, claim.message, claim.signature);
  return holds ? known.reader : null;
}

function knownReader(context: ApiContext, name: string): KnownReader | null {
  const { members } = context.replica.state.genesis;
  for (const { id, cosignerKey, keys } of members) {
    if (name === cosignerName(id) && cosignerKey !== null) {
      const reader: Reader = { kind: "executor", member: id };
      return { algorithm: ED25519, publicKey: cosignerKey, reader };
    }
    const act = name === `${id}/act` ? keys.find(({ purpose }) => purpose === "act") : undefined;
    if (act !== undefined) return knownKey(context, keyId(nodeSha256, act.key));
  }
  const named = fromHex(name);
  return named === null ? null : knownKey(context, named);
}

/** A key of a member or its staff stands in the state; a person's in what it signed. */
function knownKey({ replica, views }: ApiContext, named: Uint8Array): KnownReader | null {
  const registered = getKey(replica.state.map, named);
  const encoded = views.signingKey(named);
  const key = registered?.key ?? (encoded === null ? null : decodeCoseKey(encoded));
  if (key === null) return null;
  const reader: Reader =
    registered === null
      ? { kind: "person", keyId: named }
      : { kind: "member", member: registered.member, keyId: named };
  return { algorithm: algorithmOf(key), publicKey: key.publicKey, reader };
}

/** Whether a message is about the running of things and not about a person's case. */
export const isPublicMessage = ({ type }: Pick<Message, "type">): boolean =>
  PUBLIC_KINDS.includes(type) || PUBLIC_MODULES.includes(type.slice(0, type.indexOf("/")));

/** Whether this reader may see the transaction's bytes. */
export function mayReadBody(context: ApiContext, reader: Reader, bytes: Uint8Array): boolean {
  const { replica } = context;
  if (replica.state.genesis.readPolicy === PUBLIC_POLICY || reader.kind === "executor") return true;
  const decoded = decodeTransaction(replica.host, replica.networkId, bytes);
  if (!decoded.ok) return false;
  const { transaction } = decoded;
  const { messages } = transaction.payload;
  if (messages.every(isPublicMessage)) return true;
  if (reader.kind === "anyone") return false;
  if (equal(transaction.keyId, reader.keyId)) return true;
  return messages.some((message) => takesPart(context, reader, message));
}

/** Whether the reader has acted in, or is named by, the case that a message belongs to. */
function takesPart(
  context: ApiContext,
  reader: Exclude<Reader, { kind: "anyone" | "executor" }>,
  message: Message,
): boolean {
  const caseId = caseOf(context, message);
  if (caseId === null) return false;
  const rows = context.views.ofCase(caseId);
  if (rows.some(({ signer }) => equal(signer, reader.keyId))) return true;
  return reader.kind === "member" && rows.some(({ id }) => namesMember(context, id, reader.member));
}

function caseOf(context: ApiContext, message: Message): Uint8Array | null {
  if ("case" in message) return message.case;
  if (!("act" in message)) return null;
  const messages = messagesOf(context, message.act);
  const inCase = messages.find((other) => "case" in other);
  return inCase !== undefined && "case" in inCase ? inCase.case : null;
}

function namesMember(context: ApiContext, id: Uint8Array, member: string): boolean {
  return messagesOf(context, id).some((message) => {
    const named = [
      "authority" in message ? message.authority : null,
      "recipient" in message ? message.recipient : null,
      "auditor" in message ? message.auditor : null,
    ];
    return named.includes(member);
  });
}

function messagesOf(context: ApiContext, id: Uint8Array): readonly Message[] {
  const bytes = transactionBytes(context, id);
  if (bytes === null) return [];
  const { host, networkId } = context.replica;
  const decoded = decodeTransaction(host, networkId, bytes);
  return decoded.ok ? decoded.transaction.payload.messages : [];
}

/** The bytes of a recorded transaction. */
export function transactionBytes(
  { replica, views }: ApiContext,
  id: Uint8Array,
): Uint8Array | null {
  const place = views.find(id);
  const block = place === null ? null : replica.store.block(place.block);
  if (place === null || block === null) return null;
  const timers = block.leaves.length - 1 - block.transactions.length;
  return block.transactions[place.leafIndex - replica.firstIndex(place.block) - timers] ?? null;
}
