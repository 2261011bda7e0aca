import type { AgreementTerms } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";

/** A case as the ledger shows it. */
export interface CaseView {
  readonly definition: Hash;
  readonly authority: string;
  /** Name of the state that it is in, for instance `issued`. */
  readonly state: string;
  /** Thumbprint of the key that opened it. */
  readonly openerKeyId: Hash;
}

/** What a member took on: the definition and the areas that it decides for. */
export interface AdoptionView {
  readonly definition: Hash;
  readonly areas: readonly string[];
}

export interface AgreementView {
  readonly id: string;
  readonly terms: AgreementTerms;
}

export interface StatusListView {
  readonly version: bigint;
  /** SHA-256 of the compressed list. */
  readonly list: Hash;
}

/** Which way a draw has gone so far. */
export interface DrawView {
  readonly auditor: string;
  /** Hash of the envelope in which the act was opened; null when it was not. */
  readonly envelope: Hash | null;
  readonly hasFinding: boolean;
}

/** What the private side of a node reads from the ledger's state. */
export interface LedgerView {
  caseOf(caseId: Uint8Array): CaseView | null;
  /** The compiled form of a published definition. */
  definition(hash: Hash): Uint8Array | null;
  /** What the member offers as this service at that moment. */
  adoption(member: string, service: string, nowMs: bigint): AdoptionView | null;
  adoptionOf(member: string, definition: Hash): AdoptionView | null;
  /** Agreements of that name, or below it, that are live and have the member as a controller. */
  liveAgreements(gateway: string, from: string, nowMs: bigint): readonly AgreementView[];
  isLive(agreement: string, nowMs: bigint): boolean;
  /** x ‖ y of the key with which the member may issue credentials of this type. */
  issuerKey(vct: string, issuer: string): Uint8Array | null;
  /** The key of an issuer for any type that it may issue: it signs its status lists too. */
  anyIssuerKey(issuer: string): Uint8Array | null;
  statusList(issuer: string, uri: string): StatusListView | null;
  isAcknowledged(disclosureId: Hash, messageIndex: number): boolean;
  drawOf(act: Hash): DrawView | null;
  isErased(caseId: Uint8Array, holder: string): boolean;
}
