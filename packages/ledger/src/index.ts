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
export type { Host, SignatureAlgorithm, SignatureVerifier } from "./host.ts";
export { algorithmOf, type CoseKey, decodeCoseKey, encodeCoseKey, keyId } from "./keys.ts";
export { decodePlace, encodePlace, MAX_PRECISION_METRES, type Place } from "./place.ts";
