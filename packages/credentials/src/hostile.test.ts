import { beforeAll, describe, expect, test } from "vitest";
import { FAULT_CODES, type FaultCode } from "./faults.ts";
import { MAX_DIGESTS, MAX_DISCLOSURES, MAX_JSON_DEPTH, MAX_TOKEN_BYTES } from "./limits.ts";
import {
  ABSENT,
  askFor,
  type Cast,
  createCast,
  DATE_OF_BIRTH,
  disclose,
  discloseRaw,
  type Forgery,
  forge,
  NOW_SECONDS,
} from "./testing/forge.ts";
import { verifySdJwtPresentation } from "./verify-sd-jwt.ts";

type Row = readonly [
  what: string,
  forgery: Forgery | ((cast: Cast) => Forgery),
  ...codes: Reason[],
];
type Reason = FaultCode extends `credentials/${infer Name}` ? Name : never;

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const DIGEST = "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs";
const OTHER = "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY";

/** The other signature that the same mathematics accepts. */
const highS = (signature: Uint8Array): Uint8Array => withS(signature, (s) => ORDER - s);

const withS = (signature: Uint8Array, change: (s: bigint) => bigint): Uint8Array => {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
  const hex = change(s).toString(16).padStart(64, "0");
  return new Uint8Array([...signature.subarray(0, 32), ...Buffer.from(hex, "hex")]);
};

/** The ASN.1 form of a signature. */
const der = (signature: Uint8Array): Uint8Array => {
  const half = (bytes: Uint8Array) => [2, 33, 0, ...bytes];
  const body = [...half(signature.subarray(0, 32)), ...half(signature.subarray(32))];
  return new Uint8Array([0x30, body.length, ...body]);
};

const header = (changes: Record<string, unknown>): string =>
  JSON.stringify({ alg: "ES256", typ: "dc+sd-jwt", kid: "registrar-1", ...changes });
const bindingHeader = (changes: Record<string, unknown>): string =>
  JSON.stringify({ alg: "ES256", typ: "kb+jwt", ...changes });
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const lastLetter = (text: string): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]!;
};
const inPart = (at: number, change: (part: string) => string) => (text: string) =>
  text
    .split("~")
    .map((part, index, all) => (index === (at < 0 ? all.length + at : at) ? change(part) : part))
    .join("~");
const hidden = (name: string, value: unknown): Forgery => ({
  payload: { [name]: ABSENT },
  disclosures: [DATE_OF_BIRTH, disclose(name, value)],
});

const outline: Row[] = [
  ["nothing at all", { after: () => "" }, "token-malformed"],
  ["a tilde alone", { after: () => "~" }, "token-malformed"],
  ["a token without a tilde", { after: (text) => text.split("~")[0]! }, "token-malformed"],
  [
    "two parts instead of three",
    { after: inPart(0, (part) => part.slice(0, part.lastIndexOf("."))) },
    "token-malformed",
  ],
  [
    "five parts as in an encrypted token",
    { after: inPart(0, (part) => `${part}.a.b`) },
    "token-malformed",
  ],
  ["an empty disclosure", { after: (text) => text.replace("~", "~~") }, "json-malformed"],
  [
    "more bytes than the limit",
    { after: (text) => text + "A".repeat(MAX_TOKEN_BYTES) },
    "too-large",
  ],
  [
    "more disclosures than the limit",
    { after: (text) => text.replace("~", `~${"WyJhIiwxXQ~".repeat(MAX_DISCLOSURES)}`) },
    "too-many-disclosures",
  ],
  [
    "more digests than the limit",
    {
      digests: Array.from({ length: MAX_DIGESTS + 1 }, (_, i) => String(i).padStart(43, "A")),
      disclosures: [],
    },
    "too-many-digests",
  ],
  ["a payload nested too deep", { payload: nested(MAX_JSON_DEPTH + 1) }, "too-deep"],
  ["a header that is a list", { header: "[]" }, "token-malformed"],
  ["a payload that is text", { payload: '"iss"' }, "token-malformed"],
];

const encodings: Row[] = [
  ["padding on the header", { after: (text) => text.replace(".", "=.") }, "encoding-not-strict"],
  ["padding on the signature", { after: inPart(0, (part) => `${part}==`) }, "encoding-not-strict"],
  [
    "white space inside the payload",
    { after: (text) => text.replace(".", ". ") },
    "encoding-not-strict",
  ],
  ["a line break at the end", { after: (text) => `${text}\n` }, "encoding-not-strict"],
  [
    "another last letter of the issuer's signature",
    { after: inPart(0, lastLetter) },
    "encoding-not-strict",
  ],
  [
    "another last letter of the holder's signature",
    { after: inPart(-1, lastLetter) },
    "encoding-not-strict",
  ],
  [
    "letters of the other base64",
    { after: inPart(-1, (part) => `${part.slice(0, -1)}+`) },
    "encoding-not-strict",
  ],
  ["a length that no bytes give", { after: inPart(1, () => "AAAAA") }, "encoding-not-strict"],
  ["a letter outside ASCII", { after: inPart(1, () => "WyJhıIiwxXQ") }, "encoding-not-strict"],
  ["an ASN.1 signature by the issuer", { issuerSignature: der }, "signature-malformed"],
  ["an ASN.1 signature by the holder", { keyBindingSignature: der }, "signature-malformed"],
  ["the issuer's signature with high s", { issuerSignature: highS }, "signature-not-canonical"],
  ["the holder's signature with high s", { keyBindingSignature: highS }, "signature-not-canonical"],
  [
    "s beyond the order",
    { issuerSignature: (one) => withS(one, () => ORDER) },
    "signature-malformed",
  ],
  ["s of zero", { issuerSignature: (one) => withS(one, () => 0n) }, "signature-malformed"],
  ["an empty signature", { issuerSignature: () => new Uint8Array() }, "signature-malformed"],
];

const json: Row[] = [
  ["a payload that is no JSON", { payload: "{iss:1}" }, "json-malformed"],
  [
    "a name twice in the header",
    { header: '{"alg":"none","alg":"ES256","typ":"dc+sd-jwt"}' },
    "json-malformed",
  ],
  [
    "a name twice in the payload",
    { payload: '{"iss":"registrar","iss":"other"}' },
    "json-malformed",
  ],
  [
    "a name twice, once escaped",
    { payload: '{"iss":"registrar","\\u0069ss":"other"}' },
    "json-malformed",
  ],
  [
    "a name twice in a disclosure",
    { disclosures: [discloseRaw('["c2FsdA","a",{"b":1,"b":2}]')] },
    "json-malformed",
  ],
  ["a lone surrogate", { payload: { note: "\ud800" } }, "json-malformed"],
  ["a number beyond a double", { payload: '{"iss":"registrar","a":1e999}' }, "json-malformed"],
  ["a byte order mark", { payload: '\ufeff{"iss":"registrar"}' }, "json-malformed"],
  ["UTF-8 that is not well formed", { after: inPart(1, () => "WyKA_yJd") }, "json-malformed"],
  ["a claim named __proto__", { payload: '{"__proto__":{"iss":"registrar"}}' }, "reserved-name"],
];

const headers: Row[] = [
  ["no type of token", { header: '{"alg":"ES256","kid":"registrar-1"}' }, "token-type-not-allowed"],
  ["the retired type of token", { header: header({ typ: "vc+sd-jwt" }) }, "token-type-not-allowed"],
  ["another type of token", { header: header({ typ: "kb+jwt" }) }, "token-type-not-allowed"],
  ["no algorithm", { header: header({ alg: "none" }) }, "algorithm-not-allowed"],
  ["an algorithm of shared secrets", { header: header({ alg: "HS256" }) }, "algorithm-not-allowed"],
  ["another curve", { header: header({ alg: "ES384" }) }, "algorithm-not-allowed"],
  [
    "an unknown extension",
    { header: header({ crit: ["b64"], b64: false }) },
    "critical-header-unknown",
  ],
  ["an empty list of extensions", { header: header({ crit: [] }) }, "critical-header-unknown"],
  ["a key id that is a number", { header: header({ kid: 7 }) }, "key-id-malformed"],
];

const claims: Row[] = [
  ["no issuer", { payload: { iss: ABSENT } }, "issuer-missing"],
  ["an issuer that is a list", { payload: { iss: ["registrar"] } }, "issuer-missing"],
  ["no type of credential", { payload: { vct: ABSENT } }, "credential-type-missing"],
  [
    "a type that was not asked for",
    { payload: { vct: "council/residence" } },
    "credential-type-not-accepted",
  ],
  ["an issuer nobody trusts", { payload: { iss: "somebody" } }, "issuer-not-trusted"],
  ["another issuer's signature", (cast) => ({ issuerSigner: cast.stranger }), "signature-wrong"],
  [
    "another issuer's key in the header",
    (cast) => ({ issuerSigner: cast.stranger, header: header({ jwk: cast.stranger.jwk }) }),
    "signature-wrong",
  ],
  ["a date of issue in the future", { payload: { iat: NOW_SECONDS + 61 } }, "issued-in-future"],
  ["a date of issue that is text", { payload: { iat: "2026" } }, "time-malformed"],
  ["not valid yet", { payload: { nbf: NOW_SECONDS + 61 } }, "not-yet-valid"],
  ["expired", { payload: { exp: NOW_SECONDS - 60 } }, "expired"],
  ["an expiry that is text", { payload: { exp: String(NOW_SECONDS * 2) } }, "time-malformed"],
  ["an expiry with a fraction", { payload: { exp: NOW_SECONDS + 0.5 } }, "time-malformed"],
  ["an expiry before 1970", { payload: { exp: -1 } }, "time-malformed"],
  ["another hash", { payload: { _sd_alg: "sha-384" } }, "hash-not-allowed"],
  ["a hash that is no text", { payload: { _sd_alg: 256 } }, "hash-not-allowed"],
  ["a hash named below the top", { payload: { more: { _sd_alg: "sha-256" } } }, "reserved-name"],
];

const statuses: Row[] = [
  ["a status without a place", { payload: { status: {} } }, "status-malformed"],
  [
    "a status with a negative place",
    { payload: { status: { status_list: { idx: -1, uri: "u" } } } },
    "status-malformed",
  ],
  [
    "a status without a list",
    { payload: { status: { status_list: { idx: 1 } } } },
    "status-malformed",
  ],
  [
    "a withdrawn credential",
    { payload: { status: { status_list: { idx: 1, uri: "u" } } } },
    "revoked",
  ],
  [
    "a suspended credential",
    { payload: { status: { status_list: { idx: 2, uri: "u" } } } },
    "suspended",
  ],
  [
    "a status of an unknown kind",
    { payload: { status: { status_list: { idx: 3, uri: "u" } } } },
    "revoked",
  ],
  [
    "a status that nobody can tell",
    { payload: { status: { status_list: { idx: 9, uri: "u" } } } },
    "status-unknown",
  ],
];

const disclosures: Row[] = [
  ["a disclosure that is no JSON", { disclosures: [discloseRaw("salt,name")] }, "json-malformed"],
  [
    "a disclosure that is an object",
    { disclosures: [discloseRaw('{"a":1}')] },
    "disclosure-malformed",
  ],
  [
    "a disclosure of one element",
    { disclosures: [discloseRaw('["c2FsdA"]')] },
    "disclosure-malformed",
  ],
  [
    "a disclosure of four elements",
    { disclosures: [discloseRaw('["c2FsdA","a",1,2]')] },
    "disclosure-malformed",
  ],
  ["a salt that is a number", { disclosures: [discloseRaw('[7,"a",1]')] }, "disclosure-malformed"],
  ["a name that is a number", { disclosures: [disclose(7, 1)] }, "disclosure-malformed"],
  [
    "an element's disclosure for a member",
    { disclosures: [disclose(null, "a")] },
    "disclosure-malformed",
  ],
  [
    "a member's disclosure for an element",
    {
      payload: ([digest]) => ({ _sd: ABSENT, list: [{ "...": digest! }] }),
      disclosures: [disclose("a", 1)],
    },
    "disclosure-malformed",
  ],
  ["a claim named _sd", { disclosures: [disclose("_sd", [DIGEST])] }, "reserved-name"],
  ["a claim named ...", { disclosures: [disclose("...", DIGEST)] }, "reserved-name"],
  ["a claim named _sd_alg", { disclosures: [disclose("_sd_alg", "sha-1")] }, "reserved-name"],
  [
    "a disclosure named __proto__",
    { disclosures: [disclose("__proto__", { iss: "x" })] },
    "reserved-name",
  ],
  ["three dots outside a list", { payload: { more: { "...": DIGEST } } }, "reserved-name"],
  ["a disclosure that no digest asks for", { digests: [DIGEST] }, "disclosure-unreferenced"],
  [
    "a disclosure added by the holder",
    { after: (text) => text.replace("~", `~${disclose("a", 1)}~`) },
    "disclosure-unreferenced",
    "presentation-hash-wrong",
  ],
  [
    "the same disclosure twice",
    { after: (text) => text.replace("~", `~${DATE_OF_BIRTH}~`) },
    "disclosure-repeated",
    "presentation-hash-wrong",
  ],
  [
    "a changed value",
    { after: inPart(1, () => disclose("dateOfBirth", "1940-01-01")) },
    "disclosure-unreferenced",
    "presentation-hash-wrong",
  ],
  [
    "the same digest twice",
    { payload: { _sd: [DIGEST, DIGEST] }, disclosures: [] },
    "digest-repeated",
  ],
  [
    "the same digest at two depths",
    { payload: { _sd: [DIGEST], more: { _sd: [DIGEST] } }, disclosures: [] },
    "digest-repeated",
  ],
  [
    "the same digest in a list and an object",
    { payload: { _sd: [DIGEST], list: [{ "...": DIGEST }] }, disclosures: [] },
    "digest-repeated",
  ],
  ["digests that are no list", { payload: { _sd: DIGEST }, disclosures: [] }, "digest-malformed"],
  ["a digest that is a number", { payload: { _sd: [1] }, disclosures: [] }, "digest-malformed"],
  [
    "a digest cut short",
    { payload: { _sd: [DIGEST.slice(1)] }, disclosures: [] },
    "digest-malformed",
  ],
  [
    "three dots with another name",
    { payload: { list: [{ "...": DIGEST, also: 1 }] } },
    "digest-malformed",
  ],
  [
    "a disclosure over a claim in the open",
    { payload: { dateOfBirth: "1970-01-01" } },
    "claim-overridden",
  ],
  [
    "two disclosures of one claim",
    { disclosures: [DATE_OF_BIRTH, disclose("dateOfBirth", "1940-01-01")] },
    "claim-overridden",
  ],
  [
    "a disclosure over the expiry",
    { disclosures: [disclose("exp", NOW_SECONDS * 2)] },
    "claim-overridden",
    "claim-must-be-plain",
  ],
  ["a hidden expiry", hidden("exp", NOW_SECONDS * 2), "claim-must-be-plain"],
  ["a hidden beginning", hidden("nbf", 0), "claim-must-be-plain"],
  ["a hidden status", hidden("status", {}), "claim-must-be-plain"],
  ["a hidden issuer", hidden("iss", "registrar"), "issuer-missing", "claim-must-be-plain"],
  [
    "a hidden type",
    hidden("vct", "registrar/date-of-birth"),
    "credential-type-missing",
    "claim-must-be-plain",
  ],
  [
    "a hidden holder's key",
    (cast) => hidden("cnf", { jwk: cast.holder.jwk }),
    "claim-must-be-plain",
    "holder-key-missing",
  ],
  [
    "a digest inside the holder's key",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk }, _sd: [OTHER] } } }),
    "claim-must-be-plain",
  ],
  [
    "claims nested too deep by a disclosure",
    {
      payload: ([digest]) => ({ _sd: ABSENT, more: { more: { _sd: [digest!] } } }),
      disclosures: [disclose("a", JSON.parse(nested(MAX_JSON_DEPTH - 1)))],
    },
    "too-deep",
  ],
];

const holders: Row[] = [
  ["no holder's key", { payload: { cnf: ABSENT } }, "holder-key-missing"],
  ["a holder's key by name only", { payload: { cnf: { kid: "k" } } }, "holder-key-missing"],
  [
    "a holder's private key",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, d: "AA" } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key for encryption",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, use: "enc" } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key for another algorithm",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, alg: "ES384" } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key that may not verify",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, key_ops: ["sign"] } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key on another curve",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, crv: "P-384" } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key off the curve",
    (cast) => ({ payload: { cnf: { jwk: { ...cast.holder.jwk, y: cast.holder.jwk.x } } } }),
    "holder-key-malformed",
  ],
  [
    "a holder's key in a second encoding",
    (cast) => ({
      payload: { cnf: { jwk: { ...cast.holder.jwk, x: lastLetter(cast.holder.jwk.x) } } },
    }),
    "holder-key-malformed",
  ],
  ["no signature by the holder", { keyBinding: null }, "key-binding-missing"],
  [
    "a signature by somebody else",
    (cast) => ({ keyBindingSigner: cast.stranger }),
    "signature-wrong",
  ],
  ["a signature by the issuer", (cast) => ({ keyBindingSigner: cast.issuer }), "signature-wrong"],
  [
    "a key binding without a type",
    { keyBindingHeader: '{"alg":"ES256"}' },
    "token-type-not-allowed",
  ],
  [
    "a key binding of a credential's type",
    { keyBindingHeader: bindingHeader({ typ: "dc+sd-jwt" }) },
    "token-type-not-allowed",
  ],
  [
    "a key binding without an algorithm",
    { keyBindingHeader: bindingHeader({ alg: "none" }) },
    "algorithm-not-allowed",
  ],
  [
    "a key binding with an extension",
    { keyBindingHeader: bindingHeader({ crit: ["exp"] }) },
    "critical-header-unknown",
  ],
  ["made for another body", { keyBindingPayload: { aud: "severnside" } }, "audience-wrong"],
  [
    "made for several bodies",
    { keyBindingPayload: { aud: ["avonbridge", "severnside"] } },
    "audience-wrong",
  ],
  ["made for nobody", { keyBindingPayload: { aud: ABSENT } }, "audience-wrong"],
  ["an answer to another request", { keyBindingPayload: { nonce: "other" } }, "nonce-wrong"],
  ["an answer to no request", { keyBindingPayload: { nonce: ABSENT } }, "nonce-wrong"],
  ["made too long ago", { keyBindingPayload: { iat: NOW_SECONDS - 301 } }, "presentation-too-old"],
  ["made in the future", { keyBindingPayload: { iat: NOW_SECONDS + 61 } }, "issued-in-future"],
  ["made at no time", { keyBindingPayload: { iat: ABSENT } }, "time-malformed"],
  ["a key binding that has expired", { keyBindingPayload: { exp: NOW_SECONDS - 60 } }, "expired"],
  [
    "another hash of the selection",
    { keyBindingPayload: { sd_hash: DIGEST } },
    "presentation-hash-wrong",
  ],
  [
    "no hash of the selection",
    { keyBindingPayload: { sd_hash: ABSENT } },
    "presentation-hash-wrong",
  ],
  [
    "a disclosure taken away",
    { after: (text) => text.replace(`${DATE_OF_BIRTH}~`, "") },
    "presentation-hash-wrong",
  ],
];

const TABLE: readonly (readonly [group: string, rows: readonly Row[]])[] = [
  ["outline", outline],
  ["encoding", encodings],
  ["JSON", json],
  ["header", headers],
  ["claims", claims],
  ["status", statuses],
  ["disclosures", disclosures],
  ["holder", holders],
];

/** Codes of faults that no single presentation can have; their own tests show them. */
const ELSEWHERE: readonly FaultCode[] = [
  "credentials/nothing-presented",
  "credentials/too-many-presentations",
  "credentials/holder-key-unexpected",
  "credentials/key-binding-unexpected",
  "credentials/different-holders",
  "credentials/status-list-malformed",
  "credentials/status-list-wrong",
];

let cast: Cast;
beforeAll(async () => {
  cast = await createCast();
});

test("the honest presentation that every forgery starts from is accepted", async () => {
  const result = await verifySdJwtPresentation(askFor(cast, await forge(cast)));
  expect(result).toMatchObject({ ok: true, claims: { dateOfBirth: "1956-02-29" } });
});

for (const [group, rows] of TABLE) {
  describe(group, () => {
    test.each(rows.map((row) => ({ what: row[0], row })))("$what is refused", async ({ row }) => {
      const [, forgery, ...reasons] = row;
      const text = await forge(cast, typeof forgery === "function" ? forgery(cast) : forgery);
      const result = await verifySdJwtPresentation(askFor(cast, text));
      const codes = result.ok ? [] : [...new Set(result.faults.map((one) => one.code))];
      expect(codes).toEqual(reasons.map((reason) => `credentials/${reason}`));
    });
  });
}

test("every code has a row", () => {
  const rows = TABLE.flatMap(([, group]) => group).flatMap(([, , ...reasons]) => reasons);
  const shown = new Set<string>([...rows.map((reason) => `credentials/${reason}`), ...ELSEWHERE]);
  expect(FAULT_CODES.filter((code) => !shown.has(code))).toEqual([]);
});

test("several faults are all reported, in the order of checking", async () => {
  const text = await forge(cast, {
    header: header({ typ: "JWT" }),
    payload: { exp: NOW_SECONDS - 100 },
    keyBindingPayload: { aud: "severnside", nonce: "other" },
    keyBindingSigner: cast.stranger,
  });
  const result = await verifySdJwtPresentation(askFor(cast, text));
  expect(result.ok ? [] : result.faults.map((one) => `${one.part} ${one.code}`)).toEqual([
    "issuer-token credentials/token-type-not-allowed",
    "issuer-token credentials/expired",
    "key-binding credentials/signature-wrong",
    "key-binding credentials/audience-wrong",
    "key-binding credentials/nonce-wrong",
  ]);
});

test("no fault repeats what was presented", async () => {
  const text = await forge(cast, {
    disclosures: [disclose("secretName", "secretValue")],
    digests: [],
  });
  const result = await verifySdJwtPresentation(askFor(cast, text));
  expect(result.ok).toBe(false);
  expect(JSON.stringify(result)).not.toMatch(/secret|registrar|avonbridge/);
});
