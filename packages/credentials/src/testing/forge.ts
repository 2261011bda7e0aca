import { type Bytes, encodeBase64Url, sha256, toBytes } from "../base64url.ts";
import { digestOf } from "../disclosure.ts";
import { exportPublicJwk, type PublicJwk, signEs256 } from "../es256.ts";
import type { JsonObject } from "../json.ts";
import type { CredentialPolicy } from "../policy.ts";
import type { VerifyPresentationInput } from "../verify-sd-jwt.ts";

/** Makes tokens that no honest issuer or wallet would make. For tests only. */

export const NOW_SECONDS = 1_795_000_000;
export const VCT = "registrar/date-of-birth";
export const AUDIENCE = "avonbridge";
export const NONCE = "n-0S6_WzA2Mj";

export interface Party {
  readonly keys: CryptoKeyPair;
  readonly jwk: PublicJwk;
}

/** A fresh P-256 key pair. */
export async function createParty(): Promise<Party> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return { keys, jwk: await exportPublicJwk(keys.publicKey) };
}

/** Who takes part in a forged presentation. */
export interface Cast {
  readonly issuer: Party;
  readonly holder: Party;
  readonly stranger: Party;
}

/** An issuer, a holder and somebody else. */
export async function createCast(): Promise<Cast> {
  const [issuer, holder, stranger] = await Promise.all([
    createParty(),
    createParty(),
    createParty(),
  ]);
  return { issuer: issuer!, holder: holder!, stranger: stranger! };
}

/** A JSON text given as it stands, or an object to be written as JSON. */
export type Raw = string | JsonObject;

/** Everything that a forger may choose; what is left out is as an honest party makes it. */
export interface Forgery {
  readonly header?: Raw;
  /** Changes to the honest payload, found from its digests or not, or the payload's whole text. */
  readonly payload?: Raw | ((digests: readonly string[]) => JsonObject);
  /** The digests at the top; those of `disclosures` unless given. */
  readonly digests?: readonly string[];
  readonly disclosures?: readonly string[];
  readonly issuerSigner?: Party;
  readonly issuerSignature?: (signature: Bytes) => Uint8Array;
  readonly keyBinding?: null;
  readonly keyBindingHeader?: Raw;
  readonly keyBindingPayload?: JsonObject;
  readonly keyBindingSigner?: Party;
  readonly keyBindingSignature?: (signature: Bytes) => Uint8Array;
  /** Changes the finished text. */
  readonly after?: (presentation: string) => string;
}

/** The one disclosure of the honest presentation. */
export const DATE_OF_BIRTH: string = discloseRaw(
  '["c2FsdC1zYWx0LXNhbHQ","dateOfBirth","1956-02-29"]',
);

/** The base64url of a text that stands for a disclosure. */
export function discloseRaw(text: string): string {
  return encodeBase64Url(toBytes(text));
}

/** A disclosure of a member, or of an element when the name is null. */
export function disclose(name: unknown, value: unknown): string {
  return discloseRaw(JSON.stringify(name === null ? ["c2FsdA", value] : ["c2FsdA", name, value]));
}

/** A presentation with the forger's choices. */
export async function forge(cast: Cast, forgery: Forgery = {}): Promise<string> {
  const disclosures = forgery.disclosures ?? [DATE_OF_BIRTH];
  const digests = forgery.digests ?? (await Promise.all(disclosures.map(digestOf)));
  const header = forgery.header ?? { alg: "ES256", typ: "dc+sd-jwt", kid: "registrar-1" };
  const token = await signRaw({
    header,
    payload:
      typeof forgery.payload === "string" ? forgery.payload : honestPayload(cast, digests, forgery),
    signer: forgery.issuerSigner ?? cast.issuer,
    change: forgery.issuerSignature,
  });
  const shown = `${[token, ...disclosures].join("~")}~`;
  const binding = forgery.keyBinding === null ? "" : await bindKey(cast, shown, forgery);
  const presentation = shown + binding;
  return forgery.after === undefined ? presentation : forgery.after(presentation);
}

function honestPayload(cast: Cast, digests: readonly string[], { payload }: Forgery): JsonObject {
  const honest: JsonObject = {
    iss: "registrar",
    vct: VCT,
    iat: NOW_SECONDS - 86_400,
    exp: NOW_SECONDS + 86_400,
    cnf: { jwk: { ...cast.holder.jwk } },
    _sd: digests,
    _sd_alg: "sha-256",
  };
  const changes = typeof payload === "function" ? payload(digests) : payload;
  const changed = { ...honest, ...(changes as JsonObject | undefined) };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== ABSENT));
}

/** Takes a member of the honest payload away. */
export const ABSENT = "(absent)";

async function bindKey(cast: Cast, shown: string, forgery: Forgery): Promise<string> {
  const honest = {
    iat: NOW_SECONDS - 10,
    aud: AUDIENCE,
    nonce: NONCE,
    sd_hash: encodeBase64Url(await sha256(toBytes(shown))),
  };
  const payload = Object.entries({ ...honest, ...forgery.keyBindingPayload });
  return signRaw({
    header: forgery.keyBindingHeader ?? { alg: "ES256", typ: "kb+jwt" },
    payload: Object.fromEntries(payload.filter(([, value]) => value !== ABSENT)),
    signer: forgery.keyBindingSigner ?? cast.holder,
    change: forgery.keyBindingSignature,
  });
}

interface RawJws {
  readonly header: Raw;
  readonly payload: Raw;
  readonly signer: Party;
  readonly change?: ((signature: Bytes) => Uint8Array) | undefined;
}

/** Signs whatever it is given. */
export async function signRaw({ header, payload, signer, change }: RawJws): Promise<string> {
  const texts = [header, payload].map((raw) =>
    typeof raw === "string" ? raw : JSON.stringify(raw),
  );
  const signed = texts.map((text) => encodeBase64Url(toBytes(text))).join(".");
  const signature = await signEs256(signer.keys.privateKey, toBytes(signed));
  return `${signed}.${encodeBase64Url(change === undefined ? signature : change(signature))}`;
}

/** What an honest verifier asks of any credential. */
export function policyOf(cast: Cast): CredentialPolicy {
  return {
    resolveIssuerKey: ({ issuer }) => (issuer === "registrar" ? cast.issuer.jwk : null),
    allowedVct: [VCT],
    nowSeconds: NOW_SECONDS,
    statusOf: ({ index }) => (index < 4 ? index : null),
  };
}

/** What an honest verifier asks of a presentation. */
export function askFor(cast: Cast, presentation: string): VerifyPresentationInput {
  return { ...policyOf(cast), presentation, audience: AUDIENCE, nonce: NONCE };
}
