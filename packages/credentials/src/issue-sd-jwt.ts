import { encodeBase64Url, toBytes } from "./base64url.ts";
import { createDisclosure, digestOf, RESERVED_NAMES } from "./disclosure.ts";
import { decodePublicJwk, type PublicJwk, type Signer, signEs256 } from "./es256.ts";
import { CredentialsError } from "./faults.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { MAX_DISCLOSURES, MAX_TOKEN_BYTES } from "./limits.ts";
import { readNames, splitPath } from "./path.ts";
import { PLAIN_CLAIMS } from "./resolve-disclosures.ts";

/** The type of an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc §3.2.1). */
export const CREDENTIAL_TYP = "dc+sd-jwt";

/** Random bytes from the host. */
export type Randomness = (sizeBytes: number) => Uint8Array;

/** What an issuer states. `iss` and `vct` are required; `iat`, `nbf`, `exp` are whole seconds. */
export interface CredentialPayload extends JsonObject {
  readonly iss: string;
  readonly vct: string;
}

export interface IssueInput {
  readonly issuerKey: CryptoKey | Signer;
  readonly header: { readonly kid: string; readonly typ?: "dc+sd-jwt" };
  readonly payload: CredentialPayload;
  /** Paths of the claims that the holder may show or leave out: `dateOfBirth`,
   * `residence/authority`, `nationalities/0`. Everything else always shows. */
  readonly disclose: readonly string[];
  /** The holder's key, to which the credential is bound; it becomes `cnf.jwk`. */
  readonly holderKey: PublicJwk;
  readonly randomness: Randomness;
  /** Digests of nothing, mixed in so that their number says less. */
  readonly decoys?: number;
}

const SALT_BYTES = 16;
const DECOY_BYTES = 32;
const DIGESTS = "_sd";

/** Issues an SD-JWT VC bound to the holder's key, with all its disclosures:
 * `<issuer token>~<disclosure>~…~`.
 * Throws CredentialsError `credentials/cannot-issue` when the payload cannot be issued as asked.
 * @example
 * await issueSdJwt({ issuerKey, header: { kid: "registrar-1" },
 *   payload: { iss: "registrar", vct: "registrar/date-of-birth", dateOfBirth: "1956-02-29" },
 *   disclose: ["dateOfBirth"], holderKey, randomness });
 */
export async function issueSdJwt(input: IssueInput): Promise<string> {
  checkInput(input);
  const plain = { ...structuredClone(input.payload), cnf: { jwk: bareJwk(input.holderKey) } };
  const { payload, encoded } = await conceal(plain, input);
  const header = { alg: "ES256", typ: CREDENTIAL_TYP, kid: input.header.kid };
  const token = await signJws(header, payload, input.issuerKey);
  const credential = `${[token, ...encoded].join("~")}~`;
  if (credential.length > MAX_TOKEN_BYTES) refuse("it is longer than a credential may be");
  return credential;
}

/** Signs a compact JWS with ES256. */
export async function signJws(
  header: JsonObject,
  payload: JsonObject,
  key: CryptoKey | Signer,
): Promise<string> {
  const parts = [header, payload].map((part) => encodeBase64Url(toBytes(JSON.stringify(part))));
  const signed = parts.join(".");
  return `${signed}.${encodeBase64Url(await signEs256(key, toBytes(signed)))}`;
}

function refuse(why: string): never {
  throw new CredentialsError("credentials/cannot-issue", `Cannot issue the credential: ${why}.`);
}

function checkInput({ payload, disclose, holderKey }: IssueInput): void {
  if (typeof payload.iss !== "string" || typeof payload.vct !== "string") {
    refuse("it needs an issuer and a type");
  }
  if (Object.hasOwn(payload, "cnf")) refuse("the holder's key is handed in, not stated");
  if (decodePublicJwk({ ...holderKey }) === null) refuse("the holder's key is not a P-256 key");
  if (hasReservedName(payload)) refuse("a claim carries a reserved name");
  if (disclose.length > MAX_DISCLOSURES) refuse("it has too many disclosures");
  if (new Set(disclose).size !== disclose.length) refuse("a path is given twice");
  if (disclose.some((path) => PLAIN_CLAIMS.has(splitPath(path)[0]!))) {
    refuse("a claim about the credential itself cannot be hidden");
  }
}

function hasReservedName(value: Json): boolean {
  if (isArray(value)) return value.some(hasReservedName);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, inner]) => RESERVED_NAMES.has(name) || hasReservedName(inner),
  );
}

function bareJwk({ kty, crv, x, y }: PublicJwk): JsonObject {
  return { kty, crv, x, y };
}

type Members = Record<string, Json>;

/** Hides the claims at the paths, the deepest first, so that a disclosure holds the digests of what
 * lies inside it. */
async function conceal(
  plain: JsonObject,
  { disclose, randomness, decoys = 0 }: IssueInput,
): Promise<{ readonly payload: JsonObject; readonly encoded: readonly string[] }> {
  const paths = disclose.map(splitPath).sort((a, b) => b.length - a.length);
  const encoded: string[] = [];
  for (const path of paths) {
    const holder = containerOf(plain, path);
    const salt = encodeBase64Url(randomness(SALT_BYTES));
    encoded.push(await concealOne(holder, path.at(-1)!, salt));
  }
  const payload: Members = { ...plain, _sd_alg: "sha-256" };
  for (let i = 0; i < decoys; i++) {
    addDigest(payload, await digestOf(encodeBase64Url(randomness(DECOY_BYTES))));
  }
  return { payload, encoded };
}

/** Puts a digest in the place of a member or an element and returns the disclosure. */
async function concealOne(holder: Members | Json[], name: string, salt: string): Promise<string> {
  if (Array.isArray(holder)) {
    const made = await createDisclosure(salt, null, holder[Number(name)]!);
    holder[Number(name)] = { "...": made.digest };
    return made.encoded;
  }
  const made = await createDisclosure(salt, name, holder[name]!);
  delete holder[name];
  addDigest(holder, made.digest);
  return made.encoded;
}

/** Digests are kept sorted: their order says nothing about the claims. */
function addDigest(holder: Members, digest: string): void {
  const digests = member(holder, DIGESTS) ?? [];
  holder[DIGESTS] = [...(isArray(digests) ? digests : []), digest].sort();
}

function containerOf(root: JsonObject, path: readonly string[]): Members | Json[] {
  if (readNames(root, path) === undefined) refuse("a path names no claim");
  return readNames(root, path.slice(0, -1)) as Members | Json[];
}
