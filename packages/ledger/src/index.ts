export type { AgreementTerms, Gateway, OnEnd } from "./agreement-terms.ts";
export { type Admission, admit } from "./apply/admit.ts";
export {
  applyBlock,
  type BlockInput,
  type BlockResult,
  type Dropped,
  type TransactionRecord,
} from "./apply/apply-block.ts";
export { MAX_CLOCK_AHEAD_MS } from "./apply/check-transaction.ts";
export { type LastHeader, type LedgerState, openLedger } from "./apply/ledger-state.ts";
export { LiveIds, MAX_LIVE_IDS } from "./apply/live-ids.ts";
export {
  type EffectsBlock,
  type ReplayCode,
  type Replayed,
  replayEffects,
} from "./apply/replay-effects.ts";
export { type KeptState, recallLiveIds, resumeLedger } from "./apply/resume-ledger.ts";
export type { Signer } from "./apply/step.ts";
export { nextTimerMs, type Timer, type TimerKind } from "./apply/timers.ts";
export {
  addWorkingDays,
  bankHolidays,
  FIRST_BANK_HOLIDAY_YEAR,
  isWorkingDay,
  LAST_BANK_HOLIDAY_YEAR,
} from "./bank-holidays.ts";
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
  addMonths,
  attains,
  type CivilDate,
  type Day,
  dateOf,
  dayFromText,
  dayOf,
  dayToText,
  londonDay,
  londonMidnightMs,
  weekday,
} from "./civil.ts";
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
  type ActionDeadline,
  type DecisionTerms,
  type Definition,
  type DefinitionAction,
  type DefinitionDisclosure,
  type DefinitionOutcome,
  type DefinitionRole,
  type DefinitionState,
  type DefinitionTimer,
  decodeDefinition,
  definitionHash,
  encodeDefinition,
  type OnceRule,
  type Process,
  type RoleKind,
  type StateKind,
  type TimerKind as DefinitionTimerKind,
} from "./definition.ts";
export { addDuration, type Duration, parseDuration } from "./duration.ts";
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
export { type EventKind, type EventOf, encodeEvent, type KnownEvent, readEvent } from "./events.ts";
export {
  cosignerName,
  DEFAULT_PARAMETERS,
  decodeGenesis,
  encodeGenesis,
  type Genesis,
  type GenesisKey,
  type GenesisMember,
  type GenesisOperator,
  type GenesisParameter,
  type GenesisSite,
  logNoteKey,
  networkId,
  originOf,
  type Parameters,
  PROTOCOL_VERSION,
  parametersOf,
  policyText,
} from "./genesis.ts";
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
export {
  type AcceptAgreement,
  type AccreditIssuer,
  type Acknowledge,
  type ActInCase,
  type AddSite,
  type AddStaffKey,
  type AdoptDefinition,
  type DecideCase,
  type DecodedMessage,
  type Disclose,
  type DrawAct,
  decodeMessage,
  type EndAgreement,
  type EraseCase,
  encodeMessage,
  MESSAGE_NUMBERS,
  type Message,
  type MessageOf,
  type MessageType,
  type OpenCase,
  type OpenToAuditor,
  type PublishAgreement,
  type PublishDefinition,
  type PublishStatusList,
  type RecordFinding,
  type RemoveStaffKey,
  type ScopeTag,
  type TableVersion,
  type VoteForDefinition,
  type WithdrawIssuer,
} from "./messages.ts";
export {
  EMERGENCY_MS,
  getAgreement,
  isLive,
  lastDayOf,
  listAgreements,
  partiesOf,
} from "./modules/agreements/queries.ts";
export type { Agreement } from "./modules/agreements/state.ts";
export { REGISTRAR_ROLE } from "./modules/credentials/handlers.ts";
export {
  getIssuer,
  getStatusList,
  listIssuers,
} from "./modules/credentials/queries.ts";
export type { Issuer, StatusListCommitment } from "./modules/credentials/state.ts";
export {
  getKey,
  getMember,
  getOperator,
  getSite,
  holdsRole,
  listKeys,
  listMembers,
  listSites,
} from "./modules/members/queries.ts";
export type { Member, Operator, RegisteredKey, Site } from "./modules/members/state.ts";
export { AUDITOR_ROLE } from "./modules/services/audit-act.ts";
export { isSound } from "./modules/services/check-definition.ts";
export {
  adoptedFor,
  getAct,
  getAdoption,
  getCase,
  getDefinition,
  getDefinitionBytes,
  getDisclosure,
  getDraw,
  getPublication,
  listActs,
  listAdoptions,
  listCases,
  listDisclosures,
  listDraws,
  listPublications,
} from "./modules/services/queries.ts";
export { authorityRole } from "./modules/services/roles.ts";
export type {
  ActEvidence,
  Adoption,
  Case,
  DisclosureRecord,
  DoneAction,
  Draw,
  DrawStatus,
  EnteredState,
  Publication,
  RoleKey,
} from "./modules/services/state.ts";
export { MAX_MESSAGES, TRANSACTION_VERSION, type TransactionPayload } from "./payload.ts";
export { decodePlace, encodePlace, MAX_PRECISION_METRES, type Place } from "./place.ts";
export {
  type DropCode,
  REFUSALS,
  type Refusal,
  type RefusalCode,
  refusalOf,
} from "./refusals.ts";
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
