export { type Applied, type ApplyOptions, applyForService } from "./body/apply-for-service.ts";
export {
  type Application,
  type BodyConnection,
  type CaseOwner,
  type CaseView,
  connectBody,
  type DecisionView,
  decisionOpening,
  type ServiceRequest,
} from "./body/connect-body.ts";
export { decodeOpenings, encodeOpenings, type Opening } from "./body/openings.ts";
export { signatureBase, signRequest } from "./body/sign-request.ts";
export { type BuildOptions, buildPayload, DEFAULT_VALIDITY_MS, type Draft } from "./build.ts";
export {
  type Connection,
  type ConnectionOptions,
  connect,
  type NetworkState,
  type Recorded,
} from "./connection.ts";
export {
  BuildError,
  ClientError,
  ConnectionError,
  LogError,
  OutcomeError,
  type ProblemDocument,
  ReceiptError,
  SignError,
  SubmitError,
} from "./errors.ts";
export {
  createLogFollower,
  type LogFollower,
  type LogFollowerOptions,
  type SignedCheckpoint,
} from "./follow-log.ts";
export { verifyEd25519 } from "./hosts/ed25519.ts";
export { nobleHost } from "./hosts/host.ts";
export { normaliseLowS, P256_ORDER, verifyP256 } from "./hosts/p256.ts";
export { nobleSha256 } from "./hosts/sha256.ts";
export type { Endpoint, Fetch } from "./http.ts";
export {
  judgeReceipt,
  type ReceiptFault,
  type ReceiptReport,
  type ReceiptSubject,
  type ReceiptVerdict,
} from "./judge-receipt.ts";
export { createTileReader, proveConsistency, type TileReader } from "./read-tiles.ts";
export {
  completeReceipt,
  extractReceiptText,
  formatReceipt,
  parseReceipt,
  type Receipt,
  type ReceiptContent,
  type StateContent,
  type TransactionContent,
} from "./receipt.ts";
export { reportToJson, sayReport } from "./say-report.ts";
export {
  createSigner,
  type SignedTransaction,
  type Signer,
  type SigningAlgorithm,
  seedSigner,
  signTransaction,
  webCryptoSigner,
} from "./sign.ts";
export { type Clause, tellMessage } from "./tell/clauses.ts";
export { type AgreementName, type Names, NO_NAMES, type ServiceName } from "./tell/names.ts";
export { sayBecause, sayWhere, type Telling, tellTransaction } from "./tell/tell.ts";
export {
  sayCount,
  sayDay,
  sayDuration,
  sayField,
  sayList,
  sayName,
  sayTime,
} from "./tell/words.ts";
export { runVerifyReceipt, VERIFY_EXIT, type VerifyIo } from "./verify-command.ts";
export { type CaseAct, type CaseDetails, type ShownRecord, WalletCase } from "./wallet/case.ts";
export { type CaseCommitment, type CaseField, commitFields } from "./wallet/commitment.ts";
export type { HeldFact, ReceiveInput, ReceiveResult } from "./wallet/facts.ts";
export {
  type FactRequest,
  type PresentationRequest,
  type PresentInput,
  type PresentRefusal,
  type PresentResult,
  WalletError,
} from "./wallet/present.ts";
export { createWallet, type Wallet, type WalletOptions } from "./wallet/wallet.ts";
