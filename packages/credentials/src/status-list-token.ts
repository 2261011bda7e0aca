import { type Bytes, decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import type { PublicJwk, SignatureForms, Signer } from "./es256.ts";
import { type Fault, fault, inOrder } from "./faults.ts";
import { signJws } from "./issue-sd-jwt.ts";
import { isObject, type JsonObject, member } from "./json.ts";
import { judgeTimes } from "./judge-times.ts";
import { CLOCK_SKEW_SECONDS, MAX_STATUS_TOKEN_BYTES } from "./limits.ts";
import { judgeHeader, judgeJwsSignature, parseJws } from "./parse-jws.ts";
import { importTrustedKey } from "./policy.ts";
import {
  compressStatusList,
  decompressStatusList,
  isStatusBits,
  type StatusList,
} from "./status-list.ts";

/** The type of a status list token (draft-ietf-oauth-status-list §5.1). */
export const STATUS_LIST_TYP = "statuslist+jwt";

export interface IssueStatusListInput {
  readonly issuerKey: CryptoKey | Signer;
  readonly keyId: string;
  /** Where the list is fetched; the credentials that refer to it carry the same text. */
  readonly uri: string;
  readonly list: StatusList;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds?: number;
  /** For how long a copy may be used before the list is fetched again. */
  readonly ttlSeconds?: number;
}

/** A status list token, and the bytes of its `lst`, whose SHA-256 the ledger holds. */
export interface IssuedStatusList {
  readonly token: string;
  readonly packed: Uint8Array;
}

/** Issues a status list token, signed with ES256. */
export async function issueStatusListToken(input: IssueStatusListInput): Promise<IssuedStatusList> {
  const packed = await compressStatusList(input.list);
  const { expiresAtSeconds: exp, ttlSeconds: ttl } = input;
  const payload: JsonObject = {
    sub: input.uri,
    iat: input.issuedAtSeconds,
    ...(exp === undefined ? {} : { exp }),
    ...(ttl === undefined ? {} : { ttl }),
    status_list: { bits: input.list.bits, lst: encodeBase64Url(packed) },
  };
  const header = { alg: "ES256", typ: STATUS_LIST_TYP, kid: input.keyId };
  return { token: await signJws(header, payload, input.issuerKey), packed };
}

export interface VerifyStatusListInput {
  readonly token: string;
  /** The `uri` of the credential whose status is asked for. */
  readonly uri: string;
  /** The key of an issuer trusted for this list, or null. */
  readonly resolveKey: (
    keyId: string | null,
  ) => PublicJwk | CryptoKey | null | Promise<PublicJwk | CryptoKey | null>;
  readonly nowSeconds: number;
  readonly skewSeconds?: number;
  readonly signatures?: SignatureForms;
}

export type VerifyStatusListResult =
  | {
      readonly ok: true;
      readonly list: StatusList;
      /** The bytes of `lst` as issued, to be compared with what the ledger holds. */
      readonly packed: Uint8Array;
      readonly issuedAtSeconds: number;
      readonly ttlSeconds: number | null;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Verifies a status list token (draft §8.3): type, algorithm, `sub` equal to the reference, times,
 * signature, and that the list unpacks within its limit. */
export async function verifyStatusListToken(
  input: VerifyStatusListInput,
): Promise<VerifyStatusListResult> {
  if (input.token.length > MAX_STATUS_TOKEN_BYTES) {
    return { ok: false, faults: [fault("credentials/too-large", "status-list")] };
  }
  const parsed = parseJws(input.token, "status-list");
  if (!parsed.ok) return { ok: false, faults: inOrder(parsed.faults) };
  const { header, payload } = parsed.value;
  const { nowSeconds, skewSeconds = CLOCK_SKEW_SECONDS } = input;
  const times = judgeTimes(payload, "status-list", { nowSeconds, skewSeconds });
  const kid = member(header, "kid");
  const key = await importTrustedKey(await input.resolveKey(typeof kid === "string" ? kid : null));
  const read = await readStatusList(payload);
  const forms = input.signatures ?? "low-s";
  const faults = [
    ...judgeHeader(header, STATUS_LIST_TYP, "status-list"),
    ...(times.issuedAt === null
      ? [fault("credentials/time-malformed", "status-list")]
      : times.faults),
    ...(member(payload, "sub") === input.uri
      ? []
      : [fault("credentials/status-list-wrong", "status-list")]),
    ...(read === null ? [fault("credentials/status-list-malformed", "status-list")] : []),
    ...(key === null ? [fault("credentials/issuer-not-trusted", "status-list")] : []),
    ...(await judgeJwsSignature(parsed.value, key, { part: "status-list", forms })),
  ];
  if (faults.length > 0 || read === null) return { ok: false, faults: inOrder(faults) };
  const ttl = member(payload, "ttl");
  const ttlSeconds = typeof ttl === "number" && ttl > 0 ? ttl : null;
  return { ok: true, ...read, issuedAtSeconds: times.issuedAt!, ttlSeconds };
}

async function readStatusList(
  payload: JsonObject,
): Promise<{ readonly list: StatusList; readonly packed: Bytes } | null> {
  const stated = member(payload, "status_list");
  if (!isObject(stated)) return null;
  const { bits, lst } = stated;
  if (!isStatusBits(bits) || typeof lst !== "string") return null;
  const packed = decodeBase64Url(lst);
  const list = packed === null ? null : await decompressStatusList(bits, packed);
  return packed === null || list === null ? null : { list, packed };
}
