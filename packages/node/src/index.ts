export { auditNetwork, type NetworkReport, NothingToAudit } from "./audit/audit-network.ts";
export { type AuditOptions, auditOperator } from "./audit/audit-operator.ts";
export {
  auditUrl,
  PolicyNotReadable,
  type UrlAuditOptions,
  type UrlReport,
} from "./audit/audit-url.ts";
export { NodeNotReadable } from "./audit/fetch-log.ts";
export { CopyRefused } from "./audit/private-copy.ts";
export type { AuditFault, AuditReport } from "./audit/report.ts";
export { Bodies, type BodiesOptions, createBodies } from "./bodies/create-bodies.ts";
export type { RecordedBlock, RecordedTransaction, Submitted } from "./bodies/ledger-access.ts";
export type { MemberSecrets } from "./bodies/member.ts";
export { DEMONSTRATION_SEED, demonstrationKey } from "./crypto/demonstration-key.ts";
export { ed25519Signer, type Signer, verifyEd25519 } from "./crypto/ed25519.ts";
export { createHost, verifySignature } from "./crypto/host.ts";
export {
  type HttpAlgorithm,
  MAX_REQUEST_AGE_SECONDS,
  type RequestSigner,
  type RequestToSign,
  signRequest,
} from "./crypto/http-signature.ts";
export { p256Jwk, p256Signer, verifyP256 } from "./crypto/p256.ts";
export { RuntimeDisagrees, selfTest } from "./crypto/self-test.ts";
export { nodeSha256 } from "./crypto/sha256.ts";
export { type Clock, systemClock } from "./engine/clock.ts";
export { NodeLedger } from "./node/ledger-access.ts";
export type { LedgerSide } from "./node/ledger-side.ts";
export type { FaultListener, NodeKeys, NodeOptions, RunningNode } from "./node/options.ts";
export { DEFAULT_HOST, startNode } from "./node/start-node.ts";
export { StoreRefused } from "./store/database.ts";
export { defaultStateDirectory, SigningRefused } from "./store/last-signed.ts";
