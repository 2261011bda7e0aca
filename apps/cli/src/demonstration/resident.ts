import { randomBytes } from "node:crypto";
import {
  applyForService,
  type BodyConnection,
  type CaseView,
  connect,
  connectBody,
  createWallet,
  decisionOpening,
  type NetworkState,
  parseReceipt,
  signRequest,
  type Wallet,
  type WalletCase,
} from "@tallystick/client";
import type { PublicJwk } from "@tallystick/credentials";
import { commit, decodeTransaction } from "@tallystick/ledger";
import { equal, fromHex, toBase64Url, toHex } from "@tallystick/log";
import { nodeSha256 } from "@tallystick/node";
import { CannotRunError } from "../io.ts";
import type { Applicant } from "./applicants.ts";
import { MEMBERS, type OperatorId } from "./consortium.ts";
import { VCT } from "./founding.ts";
import type { DemonstrationKeys } from "./keys.ts";

const SERVICE = "bus-pass";
const DECISION_WAIT_SECONDS = 30;
const RECEIPT_WAIT_SECONDS = 20;
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** Where the demonstration's bodies answer, and how their issuers' keys are known. */
export interface Town {
  readonly urlOf: (operator: OperatorId) => string;
  readonly keys: DemonstrationKeys;
}

/** What one resident walked away with. */
export interface Journey {
  readonly applicant: Applicant;
  readonly view: CaseView;
  readonly entitledFrom: string | null;
  /** Whether the openings that the body gave are what stands on the ledger. */
  readonly openingsHold: boolean;
  /** The decision's receipt, as a C2SP tlog-proof. */
  readonly receipt: string;
  /** The case as the wallet keeps it: its key, and the openings of what was committed. */
  readonly case: WalletCase;
  /** Asks again how far the disclosures have come. */
  readonly look: () => Promise<CaseView>;
  /** Has every body that knows of this resident destroy what it holds. */
  readonly erase: () => Promise<void>;
}

/**
 * One resident, end to end: the registrar and the home council issue facts to a wallet, the wallet
 * shows what the deciding body asks for, and the decision comes back with a receipt.
 */
export async function applyForBusPass(town: Town, applicant: Applicant): Promise<Journey> {
  const body = bodyOf(town, authorityFor(applicant.area));
  const node = connect({ url: body.url, fetch, wait: pause });
  const network = await node.network();
  const wallet = createWallet({
    sha: nodeSha256,
    randomBytes: random,
    networkId: network.networkId,
  });
  const persons = await receiveFacts(town, applicant, wallet, network);
  const applied = await applyForService({
    ...{ sha: nodeSha256, randomBytes: random, networkId: network.networkId },
    ...{ nowMs: network.nowMs, wallet, body: body.connection, service: SERVICE },
    area: applicant.area,
  });
  if (!applied.ok) throw new CannotRunError(`The wallet could not apply: ${applied.code}.`);
  const look = (waitSeconds: number): Promise<CaseView> =>
    body.connection.caseView(ownerOf(applied.case), waitSeconds);
  const view = await look(DECISION_WAIT_SECONDS);
  if (view.decision === null) {
    throw new CannotRunError(`No decision came: ${view.waiting ?? view.state}.`);
  }
  const receipt = await fetchReceipt(body.url, view.decision.transaction, applied.case);
  return {
    applicant,
    view,
    entitledFrom: textOrNull(view.decision.workedOut["entitledFrom"]),
    openingsHold: doOpeningsHold(view, receipt, { network, owner: applied.case }),
    receipt,
    case: applied.case,
    look: () => look(0),
    erase: async () => {
      await body.connection.erase(ownerOf(applied.case));
      await Promise.all(persons.map((url) => fetch(url, { method: "DELETE" })));
    },
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The body that decides for an area: its own council, or its travel authority. */
function authorityFor(area: string): string {
  const found = MEMBERS.find(
    ({ roles, areas }) => roles.includes("travel-concession-authority") && areas.includes(area),
  );
  if (found === undefined) throw new CannotRunError(`Nobody decides bus passes for ${area}.`);
  return found.id;
}

const councilOf = (area: string): string =>
  MEMBERS.find(({ roles, areas }) => roles.includes("council") && areas.includes(area))?.id ?? "";

function bodyOf(town: Town, member: string): { url: string; connection: BodyConnection } {
  const operator = MEMBERS.find(({ id }) => id === member)?.operator ?? "council-service";
  const url = town.urlOf(operator);
  return { url, connection: connectBody({ url, fetch, member }) };
}

const ownerOf = (opened: WalletCase) => ({
  caseId: toHex(opened.id),
  signer: opened.signer,
  nowSeconds: Math.floor(Date.now() / 1000),
});

/**
 * Both issuers, one key for the set, so that one presentation proves one person. Resolves to the
 * addresses of what the issuers hold about this person.
 */
async function receiveFacts(
  town: Town,
  { dateOfBirth, area }: Applicant,
  wallet: Wallet,
  network: NetworkState,
): Promise<readonly string[]> {
  const residence = { authority: area, soleOrPrincipal: true };
  const issues = [
    { issuer: "registrar", vct: VCT.dateOfBirth, facts: { dateOfBirth } },
    { issuer: councilOf(area), vct: VCT.residence, facts: { residence } },
  ];
  const holderKey = await wallet.holderKey(0);
  const persons: string[] = [];
  for (const { issuer, vct, facts } of issues) {
    const { credential, person } = await issueFact({ town, issuer, vct, facts, holderKey });
    persons.push(person);
    const received = await wallet.receive({
      credential,
      copy: 0,
      allowedVct: [vct],
      resolveIssuerKey: ({ issuer: named }) => issuerKey(town.keys, named),
      nowSeconds: Number(network.nowMs / 1000n),
    });
    if (received.ok) continue;
    const [fault] = received.faults;
    throw new CannotRunError(`The wallet refused ${vct}: ${fault?.code ?? received.code}.`);
  }
  return persons;
}

interface Issue {
  readonly town: Town;
  readonly issuer: string;
  readonly vct: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly holderKey: PublicJwk;
}

async function issueFact({
  town,
  issuer,
  vct,
  facts,
  holderKey,
}: Issue): Promise<{ readonly credential: string; readonly person: string }> {
  const { url } = bodyOf(town, issuer);
  const base = `${url}/v1/members/${issuer}`;
  const { person } = await post<{ person: string }>(`${base}/register/people`, { facts });
  const type = vct.slice(vct.lastIndexOf("/") + 1);
  const issued = await post<{ credentials: string[] }>(`${base}/credentials/${type}`, {
    person,
    holderKeys: [holderKey],
  });
  return {
    credential: issued.credentials[0] ?? "",
    person: `${base}/register/people/${person}`,
  };
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json()) as { readonly code?: string };
  throw new CannotRunError(`A body refused: ${problem.code ?? response.status}.`);
}

/** The issuer's key as the ledger has it; in the demonstration it follows from the genesis. */
function issuerKey(keys: DemonstrationKeys, issuer: string): PublicJwk | null {
  const member = MEMBERS.find(({ id }) => issuer === id || issuer.endsWith(`/${id}`));
  if (member === undefined) return null;
  const publicKey = keys.p256(`${member.id}/issuer`);
  const x = toBase64Url(publicKey.subarray(0, 32));
  const y = toBase64Url(publicKey.subarray(32));
  return { kty: "EC", crv: "P-256", x, y };
}

/** The receipt with the decision's bytes, which only those in the case may have. */
async function fetchReceipt(base: string, id: string, opened: WalletCase): Promise<string> {
  const url = `${base}/v1/receipts/${id}?wait=${RECEIPT_WAIT_SECONDS}`;
  const { signer, nowSeconds } = ownerOf(opened);
  const headers = await signRequest({ method: "GET", url, signer, createdSeconds: nowSeconds });
  const response = await fetch(url, { headers });
  if (response.status === 200) return response.text();
  throw new CannotRunError(`No receipt came: the node answered ${response.status}.`);
}

/** Whether the decision's openings give the very commitment that the ledger holds. */
function doOpeningsHold(
  { decision }: CaseView,
  receipt: string,
  about: { readonly network: NetworkState; readonly owner: WalletCase },
): boolean {
  const { networkId } = about.network;
  const content = parseReceipt(receipt)?.content;
  const bytes = content?.kind === "transaction" ? content.transaction : null;
  const host = { sha256: nodeSha256, verify: () => false };
  const decoded = bytes === null ? null : decodeTransaction(host, networkId, bytes);
  if (decision === null || decoded === null || !decoded.ok) return false;
  const { transaction } = decoded;
  if (!equal(transaction.id, fromHex(decision.transaction) ?? new Uint8Array())) return false;
  const opening = decisionOpening(decision, { networkId, caseId: about.owner.id });
  const root = commit(nodeSha256, opening);
  return transaction.payload.messages.some(
    (message) => message.type === "services/decide" && equal(message.commitment, root),
  );
}
