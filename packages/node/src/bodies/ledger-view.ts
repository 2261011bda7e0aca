import {
  type AgreementTerms,
  adoptedFor,
  getAdoption,
  getAgreement,
  getCase,
  getDefinitionBytes,
  getDisclosure,
  getDraw,
  getIssuer,
  getStatusList,
  isLive,
  listActs,
  listAdoptions,
  listAgreements,
  listDisclosures,
  listIssuers,
  londonDay,
} from "@tallystick/ledger";
import { equal, type Hash } from "@tallystick/log";
import type { LedgerAccess } from "./ledger-access.ts";

/** A case as the ledger shows it. */
export interface CaseView {
  readonly definition: Hash;
  readonly authority: string;
  /** Name of the state that it is in, for instance `issued`. */
  readonly state: string;
  /** Thumbprints of the persons' keys that opened it. */
  readonly openers: readonly Hash[];
  /** Bodies that destroyed their key to it. */
  readonly erasedBy: readonly string[];
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

export interface DisclosureView {
  readonly caseId: Uint8Array;
  readonly name: string;
  readonly from: string;
  readonly recipient: string;
  readonly agreement: string | null;
  readonly commitment: Hash;
  readonly envelope: Hash;
  readonly acknowledgeByMs: number;
  readonly isAcknowledged: boolean;
}

/** Which way a draw has gone so far. */
export interface DrawView {
  readonly drawnBy: string;
  readonly openByMs: number;
  /** To whom it was opened; null when it was not. */
  readonly auditor: string | null;
  readonly envelope: Hash | null;
  readonly hasFinding: boolean;
}

/** What a body discloses, to whom. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** `service/field`, for instance `bus-pass/pass.status`. */
  readonly what: readonly string[];
}

/** What the private side of a node reads from the ledger's state. */
export interface LedgerView {
  caseOf(caseId: Uint8Array): CaseView | null;
  /** The compiled form of a proposed definition. */
  definition(hash: Hash): Uint8Array | null;
  /** What the member offers as this service at this moment. */
  adoption(member: string, service: string): AdoptionView | null;
  adoptionOf(member: string, definition: Hash): AdoptionView | null;
  /** The newest adoption in force of each service that the member offers. */
  adoptions(member: string): readonly (AdoptionView & { readonly service: string })[];
  /** The live agreement of that name, or below it, that covers the flow; null for none. */
  gatewayFor(gateway: string, flow: Flow): AgreementView | null;
  /** Whether something of the case may still flow under the agreement. */
  servesCase(agreement: string, caseId: Uint8Array): boolean;
  /** x ‖ y of the key with which the member may issue credentials of this type. */
  issuerKey(vct: string, issuer: string): Uint8Array | null;
  /** The key of an issuer for any type that it may issue: it signs its status lists too. */
  anyIssuerKey(issuer: string): Uint8Array | null;
  statusList(issuer: string, uri: string): StatusListView | null;
  disclosure(id: Hash, messageIndex: number): DisclosureView | null;
  drawOf(act: Hash): DrawView | null;
  /** Every other body to which the member sent something of the case, sealed. */
  recipientsOf(caseId: Uint8Array, from: string): readonly string[];
}

/** Reads the ledger as it stands at each question. */
export function createLedgerView(ledger: LedgerAccess): LedgerView {
  return {
    caseOf: (caseId) => caseView(ledger, caseId),
    definition: (hash) => getDefinitionBytes(ledger.state(), hash),
    adoption: (member, service) =>
      adoptedFor(ledger.state(), member, { service, day: londonDay(ledger.now()) }),
    adoptionOf: (member, definition) => {
      const found = getAdoption(ledger.state(), member, definition);
      return found === null ? null : { definition, areas: found.areas };
    },
    adoptions: (member) => adoptionsInForce(ledger, member),
    gatewayFor: (gateway, flow) => gatewayFor(ledger, gateway, flow),
    servesCase: (id, caseId) => {
      const agreement = getAgreement(ledger.state(), id);
      const found = getCase(ledger.state(), caseId);
      if (agreement === null || found === null) return false;
      const mayFinish = agreement.terms.onEnd === "finish-open-cases";
      return isLive(agreement, ledger.now()) || (mayFinish && isLive(agreement, found.openedAtMs));
    },
    issuerKey: (vct, issuer) => {
      const found = getIssuer(ledger.state(), vct, issuer);
      return found === null || found.withdrawn ? null : found.key.publicKey;
    },
    anyIssuerKey: (issuer) => anyIssuerKey(ledger, issuer),
    statusList: (issuer, uri) => getStatusList(ledger.state(), issuer, uri),
    disclosure: (id, messageIndex) => disclosureView(ledger, id, messageIndex),
    drawOf: (act) => drawView(ledger, act),
    recipientsOf: (caseId, from) => recipientsOf(ledger, caseId, from),
  };
}

function caseView(ledger: LedgerAccess, caseId: Uint8Array): CaseView | null {
  const found = getCase(ledger.state(), caseId);
  if (found === null) return null;
  const { definition, authority, state, bound, erasedBy } = found;
  return { definition, authority, state, openers: bound.map(({ keyId }) => keyId), erasedBy };
}

function adoptionsInForce(
  ledger: LedgerAccess,
  member: string,
): (AdoptionView & { readonly service: string })[] {
  const services = new Set<string>();
  for (const { service } of listAdoptions(ledger.state(), member)) services.add(service);
  const day = londonDay(ledger.now());
  return [...services].flatMap((service) => {
    const found = adoptedFor(ledger.state(), member, { service, day });
    return found === null ? [] : [{ ...found, service }];
  });
}

function gatewayFor(ledger: LedgerAccess, gateway: string, flow: Flow): AgreementView | null {
  for (const agreement of listAgreements(ledger.state())) {
    const { id } = agreement;
    const isNamed = id === gateway || id.startsWith(`${gateway}/`);
    if (isNamed && isLive(agreement, ledger.now()) && covers(agreement, flow)) return agreement;
  }
  return null;
}

const covers = ({ terms }: AgreementView, { from, to, what }: Flow): boolean =>
  terms.controllers.includes(from) &&
  terms.recipients.includes(to) &&
  what.every((field) => terms.disclosed.includes(field));

function anyIssuerKey(ledger: LedgerAccess, issuer: string): Uint8Array | null {
  for (const entry of listIssuers(ledger.state())) {
    if (entry.issuer === issuer && !entry.withdrawn) return entry.key.publicKey;
  }
  return null;
}

function disclosureView(
  ledger: LedgerAccess,
  id: Hash,
  messageIndex: number,
): DisclosureView | null {
  const found = getDisclosure(ledger.state(), id, messageIndex);
  if (found === null) return null;
  const { from, recipient, agreement, commitment, envelope } = found;
  return {
    ...{ from, recipient, agreement, commitment, envelope },
    caseId: found.case,
    name: found.disclosure,
    acknowledgeByMs: Number(found.acknowledgeByMs),
    isAcknowledged: found.acknowledgedAtMs !== null,
  };
}

function drawView(ledger: LedgerAccess, act: Hash): DrawView | null {
  const found = getDraw(ledger.state(), act);
  if (found === null) return null;
  const { drawnBy, auditor, envelope, findings } = found;
  return {
    ...{ drawnBy, auditor, envelope },
    openByMs: Number(found.openByMs),
    hasFinding: findings !== null,
  };
}

function recipientsOf(ledger: LedgerAccess, caseId: Uint8Array, from: string): string[] {
  const state = ledger.state();
  const recipients = new Set<string>();
  for (const found of listDisclosures(state)) {
    if (found.from === from && equal(found.case, caseId)) recipients.add(found.recipient);
  }
  for (const { act, decider, case: id } of listActs(state)) {
    const auditor = decider === from && equal(id, caseId) ? getDraw(state, act)?.auditor : null;
    if (typeof auditor === "string") recipients.add(auditor);
  }
  return [...recipients].sort();
}
