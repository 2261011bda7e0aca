export { fromBase64, fromBase64Url, toBase64, toBase64Url } from "./base64.ts";
export { compare, concat, equal } from "./bytes.ts";
export {
  type Checkpoint,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  formatCheckpoint,
  parseCheckpoint,
} from "./checkpoint.ts";
export { type Cosignature, decodeCosignature, encodeCosignature } from "./cosignature.ts";
export { parseDecimal } from "./decimal.ts";
export { emptyRoot, HASH_BYTES, type Hash, hashLeaf, hashNode, type Sha256 } from "./hash.ts";
export { fromHex, toHex } from "./hex.ts";
export { type CheckpointVerdict, judgeCheckpoint, type VerifyEd25519 } from "./judge.ts";
export {
  formatNote,
  formatSignatureLine,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  type Note,
  type NoteSignature,
  parseNote,
  parseSignatureLine,
} from "./note.ts";
export {
  formatPolicy,
  MAX_POLICY_BYTES,
  MAX_POLICY_GROUPS,
  MAX_POLICY_LOGS,
  MAX_POLICY_WITNESSES,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyParsed,
  type PolicyWitness,
  parsePolicy,
} from "./policy.ts";
export {
  type ConsistencyClaim,
  type InclusionClaim,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
} from "./proof.ts";
export {
  decodeEntryBundle,
  encodeEntryBundle,
  hashTile,
  MAX_ENTRY_BYTES,
  MAX_TILE_LEVEL,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tilesOf,
  tileWidth,
} from "./tile.ts";
export {
  formatTlogProof,
  MAX_TLOG_PROOF_EXTRA_BYTES,
  MAX_TLOG_PROOF_HASHES,
  parseTlogProof,
  type TlogProof,
} from "./tlog-proof.ts";
export { LogTree } from "./tree.ts";
export { decodeUtf8, encodeUtf8, utf8Length } from "./utf8.ts";
export {
  COSIGNER_KEY_TYPE,
  formatVerifierKey,
  isKeyName,
  KEY_HASH_BYTES,
  keyHash,
  LOG_KEY_TYPE,
  type NoteKey,
  parseVerifierKey,
} from "./verifier-key.ts";
