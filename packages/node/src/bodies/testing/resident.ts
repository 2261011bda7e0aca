import {
  type Applied,
  applyForService,
  type CaseView,
  connectBody,
  createWallet,
  type Wallet,
} from "@tallystick/client";
import { toHex } from "@tallystick/log";
import { nodeSha256 } from "../../crypto/sha256.ts";
import { jwkOf, vctOf } from "../vct.ts";
import type { Town } from "./town.ts";
import { AREA } from "./town-members.ts";

const DATE_OF_BIRTH = vctOf("registrar/date-of-birth");
const RESIDENCE = vctOf("council/residence");

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** A made-up resident of a town, with facts in a wallet. */
export interface Resident {
  readonly wallet: Wallet;
  /** Ids in the registers, by the body that keeps the register. */
  readonly people: ReadonlyMap<string, string>;
}

export interface Facts {
  readonly dateOfBirth: string;
  readonly soleOrPrincipal?: boolean;
}

interface Answer {
  readonly code?: string;
  readonly person?: string;
  readonly credentials?: readonly string[];
}

const send = async (town: Town, url: string, body: unknown): Promise<Answer> => {
  const answer = await town.fetch(url, { method: "POST", body: JSON.stringify(body) });
  const value = (await answer.json()) as Answer;
  if (!answer.ok) throw new Error(String(value.code));
  return value;
};

/** A resident with `copies` of each fact. */
export async function makeResident(town: Town, facts: Facts, copies = 2): Promise<Resident> {
  const { networkId } = town.ledger;
  const wallet = createWallet({ sha: nodeSha256, randomBytes, networkId });
  const { dateOfBirth, soleOrPrincipal = true } = facts;
  const residence = { authority: AREA, soleOrPrincipal };
  const people = new Map<string, string>();
  const give = async (issuer: string, type: string, register: Record<string, unknown>) => {
    const base = `${town.urlOf(issuer)}/v1/members/${issuer}`;
    const { person } = await send(town, `${base}/register/people`, { facts: register });
    people.set(issuer, String(person));
    await fetchFacts(town, wallet, { issuer, type, person: String(person), copies });
  };
  await give("registrar", "date-of-birth", { dateOfBirth });
  await give("avonbridge", "residence", { residence });
  return { wallet, people };
}

async function fetchFacts(
  town: Town,
  wallet: Wallet,
  from: { issuer: string; type: string; person: string; copies: number },
): Promise<void> {
  const { issuer, type, person, copies } = from;
  const holderKeys = await Promise.all(
    Array.from({ length: copies }, (_, copy) => wallet.holderKey(copy)),
  );
  const url = `${town.urlOf(issuer)}/v1/members/${issuer}/credentials/${type}`;
  const { credentials } = await send(town, url, { person, holderKeys });
  const { view, ledger } = town.body(issuer);
  for (const [copy, credential] of (credentials ?? []).entries()) {
    const received = await wallet.receive({
      credential,
      copy,
      allowedVct: [DATE_OF_BIRTH, RESIDENCE],
      nowSeconds: Number(ledger.now() / 1000n),
      resolveIssuerKey: ({ vct, issuer: iss }) => {
        const key = view.issuerKey(vct, iss);
        return key === null ? null : jwkOf(key);
      },
    });
    if (!received.ok) throw new Error(JSON.stringify(received));
  }
}

/** Applies to Avonbridge for a bus pass. */
export function applyForPass(town: Town, { wallet }: Resident): Promise<Applied> {
  return applyForService({
    sha: nodeSha256,
    randomBytes,
    networkId: town.ledger.networkId,
    nowMs: town.ledger.now(),
    wallet,
    body: connectBody({ url: town.urlOf("avonbridge"), fetch: town.fetch, member: "avonbridge" }),
    service: "bus-pass",
    area: AREA,
  });
}

const ownerOf = (town: Town, applied: Applied) => {
  if (!applied.ok) throw new Error(applied.code);
  const { id, signer } = applied.case;
  return { caseId: toHex(id), signer, nowSeconds: Number(town.ledger.now() / 1000n) };
};

const bodyOf = (town: Town) =>
  connectBody({ url: town.urlOf("avonbridge"), fetch: town.fetch, member: "avonbridge" });

/** The case as its applicant sees it. */
export const seeCase = (town: Town, applied: Applied): Promise<CaseView> =>
  bodyOf(town).caseView(ownerOf(town, applied), 0);

/** Asks the council to erase the case. */
export const eraseCase = (
  town: Town,
  applied: Applied,
): Promise<{ readonly recipients: readonly string[] }> =>
  bodyOf(town).erase(ownerOf(town, applied));
