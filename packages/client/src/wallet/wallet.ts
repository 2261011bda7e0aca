import type { PublicJwk } from "@tallystick/credentials";
import { type Hash, type Sha256, toHex } from "@tallystick/log";
import { type Signer, webCryptoSigner } from "../sign.ts";
import { WalletCase } from "./case.ts";
import { Facts, type HeldFact, type ReceiveInput, type ReceiveResult } from "./facts.ts";
import { generateKeyPair, HolderKeys } from "./holder-keys.ts";
import { type PresentInput, type PresentResult, present, type Shelf } from "./present.ts";

const CASE_ID_BYTES = 16;

export interface WalletOptions {
  readonly sha: Sha256;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Id of the network's first era, under which commitments are made. */
  readonly networkId: Hash;
}

/** An applicant's wallet in memory. Private keys stay inside WebCrypto and cannot be taken out. */
export interface Wallet {
  /** The key to which an issuer binds copy number `copy` (from 0) of every fact. */
  readonly holderKey: (copy: number) => Promise<PublicJwk>;
  /** Checks a credential and keeps it. */
  readonly receive: (input: ReceiveInput) => Promise<ReceiveResult>;
  readonly facts: () => readonly HeldFact[];
  /** Shows what is asked for and nothing else; `forCase` keeps a note of it with that case. */
  readonly present: (input: PresentInput, forCase?: WalletCase) => Promise<PresentResult>;
  /** A fresh P-256 key for the ledger, known to nobody and used for nothing else. */
  readonly caseKey: () => Promise<Signer>;
  /** Begins a case under an id and a key of its own. */
  readonly openCase: (about: {
    readonly service: string;
    readonly authority: string;
  }) => Promise<WalletCase>;
  readonly cases: () => readonly WalletCase[];
  /** Drops a case with its key, salts and receipts; false when there is none. */
  readonly forgetCase: (id: Uint8Array) => boolean;
}

/** Makes an empty wallet. */
export const createWallet = (options: WalletOptions): Wallet => {
  const keys = new HolderKeys();
  const facts = new Facts(keys);
  const shelf: Shelf = { keys, facts, used: new Set() };
  const cases = new Map<string, WalletCase>();
  const caseKey = async (): Promise<Signer> =>
    webCryptoSigner(options.sha, crypto.subtle, await generateKeyPair());
  return {
    holderKey: async (copy) => (await keys.key(copy)).publicJwk,
    receive: (input) => facts.receive(input),
    facts: () => facts.list(),
    present: async (input, forCase) => {
      const result = await present(shelf, input);
      const { audience, facts: shown } = input.request;
      if (result.ok) forCase?.recordShown({ audience, facts: shown, atSeconds: input.nowSeconds });
      return result;
    },
    caseKey,
    openCase: async (about) => {
      const id = options.randomBytes(CASE_ID_BYTES);
      const opened = new WalletCase({ ...about, id, signer: await caseKey() }, options);
      cases.set(toHex(id), opened);
      return opened;
    },
    cases: () => [...cases.values()],
    forgetCase: (id) => cases.delete(toHex(id)),
  };
};
