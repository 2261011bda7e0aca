export type { PublicJwk, SignatureForms, Signer } from "./es256.ts";
export { exportPublicJwk, importPublicKey, sameKey, toLowS } from "./es256.ts";
export type { Fault, FaultCode, FaultPart } from "./faults.ts";
export { CredentialsError, FAULT_CODES } from "./faults.ts";
export type { CredentialPayload, IssueInput, Randomness } from "./issue-sd-jwt.ts";
export { CREDENTIAL_TYP, issueSdJwt } from "./issue-sd-jwt.ts";
export type { Json, JsonObject } from "./json.ts";
export { KEY_BINDING_TYP } from "./judge-key-binding.ts";
export {
  CLOCK_SKEW_SECONDS,
  MAX_DIGESTS,
  MAX_DISCLOSURES,
  MAX_JSON_DEPTH,
  MAX_PRESENTATIONS,
  MAX_STATUS_ENTRIES,
  MAX_STATUS_LIST_BYTES,
  MAX_STATUS_TOKEN_BYTES,
  MAX_TOKEN_BYTES,
  PRESENTATION_AGE_SECONDS,
} from "./limits.ts";
export { readPath } from "./path.ts";
export type {
  CredentialPolicy,
  IssuerQuery,
  ResolveIssuerKey,
  StatusOf,
  StatusReference,
} from "./policy.ts";
export type { PresentInput } from "./present-sd-jwt.ts";
export { presentSdJwt, selectDisclosures } from "./present-sd-jwt.ts";
export type { ReadCredential } from "./read-sd-jwt.ts";
export { readSdJwt } from "./read-sd-jwt.ts";
export type { StatusBits, StatusList } from "./status-list.ts";
export {
  compressStatusList,
  createStatusList,
  decompressStatusList,
  freeStatusIndex,
  STATUS_INVALID,
  STATUS_SUSPENDED,
  STATUS_VALID,
  setStatus,
  statusAt,
  statusEntries,
} from "./status-list.ts";
export type {
  IssuedStatusList,
  IssueStatusListInput,
  VerifyStatusListInput,
  VerifyStatusListResult,
} from "./status-list-token.ts";
export {
  issueStatusListToken,
  STATUS_LIST_TYP,
  verifyStatusListToken,
} from "./status-list-token.ts";
export type {
  RefusedCredential,
  VerifiedCredential,
  VerifyCredentialInput,
  VerifyPresentationInput,
  VerifyResult,
} from "./verify-sd-jwt.ts";
export { verifySdJwtCredential, verifySdJwtPresentation } from "./verify-sd-jwt.ts";
export type {
  PresentationFault,
  VerifyTogetherInput,
  VerifyTogetherResult,
} from "./verify-together.ts";
export { verifyTogether } from "./verify-together.ts";
