import { randomBytes } from "node:crypto";
import {
  applyForService,
  type BodyConnection,
  ConnectionError,
  connectBody,
  createWallet,
  type DecisionView,
  type Wallet,
  type WalletCase,
} from "@tallystick/client";
import { issueSdJwt, type PublicJwk } from "@tallystick/credentials";
import { getIssuer } from "@tallystick/ledger";
import { fromHex, type Hash, toBase64Url, toHex } from "@tallystick/log";
import { p256Signer } from "@tallystick/node";
import { VCT } from "../../apps/cli/src/demonstration/founding.ts";
import { nodeSha256 } from "../support/hosts.ts";
import type { Town } from "./town.ts";

const AUTHORITY = "avonbridge";
const AREA = "E06000023";
const DECISION_WAIT_SECONDS = 20;
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** A resident of Avonbridge with facts in a wallet. */
export interface Resident {
  readonly wallet: Wallet;
  /** The registrar's entry, by which it can withdraw what it issued. */
  readonly entry: string;
}

/** A case that was decided, as its applicant has it. */
export interface Decided {
  readonly owned: WalletCase;
  readonly opened: Hash;
  readonly act: Hash;
  readonly decision: DecisionView;
}

/** A resident of whom the registrar states this date of birth, and the council the residence. */
export async function resident(town: Town, born: string): Promise<Resident> {
  const wallet = emptyWallet(town);
  const entry = await enter(town, "registrar", { dateOfBirth: born });
  await receive(town, wallet, await issued(town, wallet, ["registrar", "date-of-birth", entry]));
  await giveResidence(town, wallet);
  return { wallet, entry };
}

/** The same, but the date of birth is stated by a body that is not accredited for it. */
export async function residentByForger(
  town: Town,
  born: string,
  forger: string,
): Promise<Resident> {
  const wallet = emptyWallet(town);
  const { sign, publicKey } = p256Signer(town.consortium.keys.secret(`${forger}/issuer`));
  const tag = `bus-pass:${AUTHORITY}`;
  const tags = { [tag]: toBase64Url(random(32)) };
  const credential = await issueSdJwt({
    issuerKey: async (bytes) => sign(bytes),
    header: { kid: `${forger}/issuer` },
    payload: { iss: forger, vct: VCT.dateOfBirth, iat: secondsOf(town), dateOfBirth: born, tags },
    disclose: ["dateOfBirth", "tags", `tags/${tag}`],
    holderKey: await wallet.holderKey(0),
    randomness: random,
  });
  await receive(town, wallet, credential, publicKey);
  await giveResidence(town, wallet);
  return { wallet, entry: "" };
}

/** Applies for a bus pass and waits for the decision. Throws ConnectionError when it is refused. */
export async function applyAs(town: Town, { wallet }: Resident): Promise<Decided> {
  const body = connection(town);
  const { networkId } = town.consortium;
  const applied = await applyForService({
    ...{ sha: nodeSha256, randomBytes: random, networkId, wallet, body },
    ...{ nowMs: town.ledgerOf(AUTHORITY).now(), service: "bus-pass", area: AREA },
  });
  if (!applied.ok) throw new Error(`the wallet cannot apply: ${applied.code}`);
  const { case: owned, transaction: opened } = applied;
  const owner = { caseId: toHex(owned.id), signer: owned.signer, nowSeconds: secondsOf(town) };
  const { decision, waiting } = await body.caseView(owner, DECISION_WAIT_SECONDS);
  if (decision === null) throw new Error(`no decision came: ${waiting}`);
  return { owned, opened, decision, act: fromHex(decision.transaction) ?? new Uint8Array() };
}

/** `ok`, or the code with which the body refuses the application at its door. */
export async function fateOfApplying(town: Town, who: Resident): Promise<string> {
  try {
    await applyAs(town, who);
    return "ok";
  } catch (cause) {
    if (cause instanceof ConnectionError) return cause.code;
    throw cause;
  }
}

/** The registrar withdraws what it stated of a resident. */
export async function withdraw(town: Town, { entry }: Resident): Promise<void> {
  await post(town, "registrar", "credentials/date-of-birth/revocations", { person: entry });
}

const connection = (town: Town): BodyConnection =>
  connectBody({ url: town.urlOf(AUTHORITY), fetch, member: AUTHORITY });

const secondsOf = (town: Town): number => Number(town.ledgerOf(AUTHORITY).now() / 1000n);

const emptyWallet = ({ consortium: { networkId } }: Town): Wallet =>
  createWallet({ sha: nodeSha256, randomBytes: random, networkId });

async function giveResidence(town: Town, wallet: Wallet): Promise<void> {
  const residence = { authority: AREA, soleOrPrincipal: true };
  const entry = await enter(town, AUTHORITY, { residence });
  await receive(town, wallet, await issued(town, wallet, [AUTHORITY, "residence", entry]));
}

interface Answer {
  readonly code?: string;
  readonly person?: string;
  readonly credentials?: readonly string[];
}

async function post(town: Town, member: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${town.urlOf(member)}/v1/members/${member}/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${member} refuses ${path}: ${answer.code}`);
  return answer;
}

/** Enters a person in a body's register. */
const enter = async (town: Town, member: string, facts: object): Promise<string> =>
  (await post(town, member, "register/people", { facts })).person ?? "";

/** A fact as its issuer states it, bound to the wallet's first key. */
async function issued(
  town: Town,
  wallet: Wallet,
  [issuer, type, person]: readonly [issuer: string, type: string, person: string],
): Promise<string> {
  const holderKeys = [await wallet.holderKey(0)];
  const answer = await post(town, issuer, `credentials/${type}`, { person, holderKeys });
  return answer.credentials?.[0] ?? "";
}

/** Takes a credential into the wallet, by the ledger's word for the issuer's key or by another. */
async function receive(
  town: Town,
  wallet: Wallet,
  credential: string,
  forgersKey?: Uint8Array,
): Promise<void> {
  const keyOf = (vct: string, issuer: string): Uint8Array | null =>
    forgersKey ?? getIssuer(town.ledgerOf(AUTHORITY).state(), vct, issuer)?.key.publicKey ?? null;
  const received = await wallet.receive({
    ...{ credential, copy: 0, allowedVct: [VCT.dateOfBirth, VCT.residence] },
    nowSeconds: secondsOf(town),
    resolveIssuerKey: ({ vct, issuer }) => jwkOf(keyOf(vct, issuer)),
  });
  if (!received.ok) throw new Error(`the wallet refuses a fact: ${received.code}`);
}

const jwkOf = (key: Uint8Array | null): PublicJwk | null =>
  key === null
    ? null
    : {
        ...{ kty: "EC", crv: "P-256" },
        x: toBase64Url(key.subarray(0, 32)),
        y: toBase64Url(key.subarray(32)),
      };
