import { concat, equal, type Hash } from "@tallystick/log";
import { encode } from "./cbor.ts";
import { CborReader, MAJOR } from "./cbor-reader.ts";
import type { Host, SignatureAlgorithm } from "./host.ts";
import { algorithmOf, type CoseKey, keyId } from "./keys.ts";
import { isLowS } from "./p256.ts";
import { decodePayload, encodePayload, type TransactionPayload } from "./payload.ts";
import { decodeProtectedHeader, encodeProtectedHeader } from "./protected-header.ts";
import type { TransactionCode } from "./transaction-code.ts";

/** A transaction whose form has been checked, and whose signature has not. */
export interface Transaction {
  /** SHA-256 of `signed`: a copy signed again is the same transaction. */
  readonly id: Hash;
  readonly bytes: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  /** The key's RFC 9679 thumbprint. */
  readonly keyId: Hash;
  /** Given only while the ledger may not know the key. */
  readonly key: CoseKey | null;
  /** 64 bytes; for P-256 r ‖ s with the lower s. */
  readonly signature: Uint8Array;
  /** The Sig_structure of RFC 9052 §4.4: what the signature is over. */
  readonly signed: Uint8Array;
  readonly payload: TransactionPayload;
}

/** Everything but the signature. */
export interface UnsignedTransaction {
  readonly networkId: Hash;
  readonly algorithm: SignatureAlgorithm;
  readonly keyId: Hash;
  readonly key?: CoseKey | null;
  readonly payload: TransactionPayload;
}

export type TransactionDecoded =
  | { readonly ok: true; readonly transaction: Transaction }
  | { readonly ok: false; readonly code: TransactionCode };

export const MAX_TRANSACTION_BYTES: number = 49_152;
/** The furthest that valid-until may lie ahead of block time; a network may set less. */
export const MAX_VALIDITY_MS: number = 600_000;
const SIGNATURE_BYTES = 64;

/** Tag 18 (COSE_Sign1), then an array of four. */
const SIGN1_HEAD = new Uint8Array([0xd2, 0x84]);
const EMPTY_MAP = new Uint8Array([0xa0]);

const refuse = (code: TransactionCode): TransactionDecoded & { readonly ok: false } => ({
  ok: false,
  code,
});

/** The bytes to sign, whose SHA-256 is the transaction's id. spec/transaction.md §signing. */
export const signingBytes = (unsigned: UnsignedTransaction): Uint8Array =>
  sigStructure(unsigned.networkId, headerOf(unsigned), encodePayload(unsigned.payload));

/** The transaction's bytes. The signature is not checked; of P-256's two, give the low-s one. */
export const assembleTransaction = (
  unsigned: UnsignedTransaction & { readonly signature: Uint8Array },
): Uint8Array =>
  concat(
    SIGN1_HEAD,
    encode(headerOf(unsigned)),
    EMPTY_MAP,
    encode(encodePayload(unsigned.payload)),
    encode(unsigned.signature),
  );

/**
 * Takes bytes apart, accepting the one encoding of each transaction and nothing else. The
 * signature is left to `verifyTransaction`. Refuses with the first of TRANSACTION_CODES that holds.
 */
export const decodeTransaction = (
  host: Pick<Host, "sha256">,
  networkId: Hash,
  bytes: Uint8Array,
): TransactionDecoded => {
  const envelope = openEnvelope(bytes);
  if (!envelope.ok) return envelope;
  const { signature } = envelope;
  const protectedHeader = decodeProtectedHeader(host.sha256, envelope.header);
  if (!protectedHeader.ok) return protectedHeader;
  const { header } = protectedHeader;
  if (signature.length !== SIGNATURE_BYTES) return refuse("transaction/bad-signature-length");
  if (header.algorithm === -9 && !isLowS(signature)) {
    return refuse("transaction/signature-not-low-s");
  }
  const decoded = decodePayload(envelope.payload);
  if (!decoded.ok) return decoded;
  const { payload } = decoded;
  const signed = sigStructure(networkId, envelope.header, envelope.payload);
  const id = host.sha256.one(signed);
  return { ok: true, transaction: { id, bytes, ...header, signature, signed, payload } };
};

/** Whether the transaction names this key and the key signed it. */
export const verifyTransaction = (host: Host, transaction: Transaction, key: CoseKey): boolean =>
  transaction.algorithm === algorithmOf(key) &&
  equal(keyId(host.sha256, key), transaction.keyId) &&
  host.verify(transaction.algorithm, key.publicKey, transaction.signed, transaction.signature);

const headerOf = ({ algorithm, keyId, key }: UnsignedTransaction): Uint8Array =>
  encodeProtectedHeader({ algorithm, keyId, key: key ?? null });

const sigStructure = (networkId: Hash, header: Uint8Array, payload: Uint8Array): Uint8Array =>
  encode(["Signature1", header, networkId, payload]);

type Envelope =
  | {
      readonly ok: true;
      readonly header: Uint8Array;
      readonly payload: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly ok: false; readonly code: TransactionCode };

const openEnvelope = (bytes: Uint8Array): Envelope => {
  if (bytes.length > MAX_TRANSACTION_BYTES) return refuse("transaction/too-large");
  if (bytes[0] !== SIGN1_HEAD[0] || bytes[1] !== SIGN1_HEAD[1]) {
    return refuse("transaction/not-cose-sign1");
  }
  const reader = new CborReader(bytes);
  reader.at = SIGN1_HEAD.length;
  const header = byteString(reader);
  if (header === undefined) return refuse(envelopeFault(reader));
  if (bytes[reader.at] !== EMPTY_MAP[0]) {
    return refuse("transaction/unprotected-header-not-empty");
  }
  reader.at += 1;
  const payload = byteString(reader);
  const signature = payload === undefined ? undefined : byteString(reader);
  if (payload === undefined || signature === undefined) return refuse(envelopeFault(reader));
  if (reader.at !== bytes.length) return refuse("transaction/trailing-bytes");
  return { ok: true, header, payload, signature };
};

const byteString = (reader: CborReader): Uint8Array | undefined => {
  const start = reader.at;
  if (!reader.head() || reader.major !== MAJOR.bytes) return undefined;
  return reader.string(start)?.slice();
};

const envelopeFault = ({ fault }: CborReader): TransactionCode =>
  fault?.code === "cbor/not-shortest" || fault?.code === "cbor/indefinite-length"
    ? "transaction/envelope-not-deterministic"
    : "transaction/not-cose-sign1";
