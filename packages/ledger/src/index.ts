export type { Capacity } from "./capacity.ts";
export {
  type Cbor,
  type CborCode,
  type CborFault,
  type CborInput,
  type DecodeResult,
  decode,
  encode,
} from "./cbor.ts";
export { MAX_DEPTH } from "./cbor-reader.ts";
export {
  COMMITMENT_BLOCK,
  type CommitmentInput,
  type CommittedField,
  commit,
  type FieldOpening,
  fieldLeaf,
  MAX_COMMITTED_FIELDS,
  type OpeningClaim,
  openField,
  verifyField,
} from "./commitment.ts";
export {
  decodeEffects,
  type Effects,
  type EffectsCode,
  type EffectsDecoded,
  effectsDigest,
  encodeEffects,
  type LedgerEvent,
  type Write,
} from "./effects.ts";
export type { Host, SignatureAlgorithm, SignatureVerifier } from "./host.ts";
export { algorithmOf, type CoseKey, decodeCoseKey, encodeCoseKey, keyId } from "./keys.ts";
export {
  type CloseLeaf,
  decodeLeaf,
  encodeLeaf,
  type GenesisLeaf,
  type HeaderLeaf,
  type Leaf,
  type LeafCode,
  type LeafDecoded,
  leafHash,
  MAX_LEAF_BYTES,
  type Outcome,
  type TimerLeaf,
  type TransactionLeaf,
} from "./leaves.ts";
export { MAX_MESSAGES, TRANSACTION_VERSION, type TransactionPayload } from "./payload.ts";
export { decodePlace, encodePlace, MAX_PRECISION_METRES, type Place } from "./place.ts";
export {
  MAX_STATE_KEY_BYTES,
  MAX_STATE_VALUE_BYTES,
  StateMap,
  type StateReader,
  type StateSnapshot,
} from "./state/state-map.ts";
export {
  decodeStateProof,
  encodeStateProof,
  type OtherLeaf,
  type StateProof,
  type StateProofCode,
  type StateProofDecoded,
  type StateProofVerdict,
  stateKeyHash,
  verifyStateProof,
} from "./state/state-proof.ts";
export {
  assembleTransaction,
  decodeTransaction,
  MAX_TRANSACTION_BYTES,
  MAX_VALIDITY_MS,
  signingBytes,
  type Transaction,
  type TransactionDecoded,
  type UnsignedTransaction,
  verifyTransaction,
} from "./transaction.ts";
export { TRANSACTION_CODES, type TransactionCode } from "./transaction-code.ts";
