import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { encode } from "@tallystick/ledger";
import { concat, encodeUtf8, type Hash } from "@tallystick/log";

/**
 * What an envelope is bound to: it opens for this recipient, in this case, under this name only.
 */
export interface EnvelopeContext {
  readonly caseId: Uint8Array;
  /** The disclosure's name in the definition, `audit/<act>` or `erasure/<act>`. */
  readonly name: string;
  readonly recipient: string;
}

interface SealInput {
  readonly networkId: Hash;
  /** The recipient's X25519 key out of genesis, 32 bytes. */
  readonly recipientKey: Uint8Array;
  readonly context: EnvelopeContext;
  readonly contents: Uint8Array;
}

interface OpenInput {
  readonly networkId: Hash;
  /** The recipient's secret, 32 bytes. */
  readonly secret: Uint8Array;
  readonly context: EnvelopeContext;
  readonly envelope: Uint8Array;
}

const ENCAPSULATED_BYTES = 32;
const INFO_PREFIX = encodeUtf8("tallystick/delivery/v1");

const suite: CipherSuite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/**
 * HPKE in base mode (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM): the encapsulated key, then the
 * ciphertext. spec/delivery.md §2.
 */
export async function sealEnvelope(input: SealInput): Promise<Uint8Array> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(ownBuffer(input.recipientKey));
  const { enc, ct } = await suite.seal(
    { recipientPublicKey, info: infoOf(input.networkId) },
    ownBuffer(input.contents),
    associatedData(input.context),
  );
  return concat(new Uint8Array(enc), new Uint8Array(ct));
}

/** What was sealed; null when it was for another key, network, case, name or recipient. */
export async function openEnvelope(input: OpenInput): Promise<Uint8Array | null> {
  const { envelope } = input;
  if (envelope.length <= ENCAPSULATED_BYTES) return null;
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(ownBuffer(input.secret));
    const enc = ownBuffer(envelope.subarray(0, ENCAPSULATED_BYTES));
    const sealed = ownBuffer(envelope.subarray(ENCAPSULATED_BYTES));
    const params = { recipientKey, enc, info: infoOf(input.networkId) };
    return new Uint8Array(await suite.open(params, sealed, associatedData(input.context)));
  } catch {
    return null;
  }
}

const infoOf = (networkId: Hash): ArrayBuffer => ownBuffer(concat(INFO_PREFIX, networkId));

const associatedData = ({ caseId, name, recipient }: EnvelopeContext): ArrayBuffer =>
  ownBuffer(encode([caseId, name, recipient]));

/** The library takes buffers whole, whatever part of them a view shows. */
const ownBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
