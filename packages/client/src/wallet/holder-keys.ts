import { exportPublicJwk, type PublicJwk } from "@tallystick/credentials";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A key to which one copy of each fact is bound. The private half cannot be taken out. */
export interface HolderKey {
  readonly publicJwk: PublicJwk;
  readonly privateKey: CryptoKey;
}

/** Makes a P-256 key pair whose private half stays inside WebCrypto. */
export const generateKeyPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);

/**
 * The wallet's keys, numbered from 0. Copy i of every fact is bound to key i: one presentation
 * proves that its facts are one person's, and two under different keys have nothing in common.
 */
export class HolderKeys {
  readonly #keys: Promise<HolderKey>[] = [];

  /** Key number `copy`; it and those before it are made when first asked for. */
  key(copy: number): Promise<HolderKey> {
    while (this.#keys.length <= copy) this.#keys.push(generateHolderKey());
    return this.#keys[copy]!;
  }

  /** How many keys there are. */
  get count(): number {
    return this.#keys.length;
  }
}

const generateHolderKey = async (): Promise<HolderKey> => {
  const { publicKey, privateKey } = await generateKeyPair();
  return { publicJwk: await exportPublicJwk(publicKey), privateKey };
};
