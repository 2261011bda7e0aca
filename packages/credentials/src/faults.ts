/** What can be wrong with a token, in the order in which it is checked. Texts hold no value that
 * was presented: a fault may be logged, a claim may not. See spec/credentials.md §6. */
const TEXTS = {
  "credentials/nothing-presented": "No credential was presented.",
  "credentials/too-many-presentations": "More credentials were shown together than one act allows.",
  "credentials/too-large": "The token is longer than the limit.",
  "credentials/token-malformed": "The token does not have the parts that its format requires.",
  "credentials/encoding-not-strict": "A part is not base64url in its one strict form.",
  "credentials/json-malformed": "A part is not JSON with each name given once.",
  "credentials/too-deep": "The JSON is nested deeper than the limit.",
  "credentials/too-many-disclosures": "The token carries more disclosures than the limit.",
  "credentials/too-many-digests": "The token carries more digests than the limit.",
  "credentials/token-type-not-allowed": "The header names another type of token.",
  "credentials/algorithm-not-allowed": "The signature algorithm is not ES256.",
  "credentials/critical-header-unknown": "The header demands an extension that is not understood.",
  "credentials/key-id-malformed": "The header's key id is not text.",
  "credentials/issuer-missing": "The credential does not name its issuer.",
  "credentials/credential-type-missing": "The credential does not name its type.",
  "credentials/credential-type-not-accepted": "This type of credential was not asked for.",
  "credentials/time-malformed": "A time is not a whole number of seconds.",
  "credentials/issued-in-future": "The token says that it was issued in the future.",
  "credentials/not-yet-valid": "The token is not valid yet.",
  "credentials/expired": "The token has expired.",
  "credentials/hash-not-allowed": "The digests do not use SHA-256.",
  "credentials/status-malformed": "The credential's place in a status list is not well formed.",
  "credentials/disclosure-malformed": "A disclosure does not have the shape of its kind.",
  "credentials/disclosure-repeated": "The same disclosure is given twice.",
  "credentials/disclosure-unreferenced": "A disclosure belongs to no digest in the credential.",
  "credentials/digest-malformed": "A digest is not in the form that the format requires.",
  "credentials/digest-repeated": "The same digest stands in two places.",
  "credentials/reserved-name": "A claim carries a name that the format keeps for itself.",
  "credentials/claim-overridden": "A disclosure would replace a claim that is already there.",
  "credentials/claim-must-be-plain":
    "A claim that must stand in the open is hidden in a disclosure.",
  "credentials/issuer-not-trusted": "No trusted key is known for this issuer and type.",
  "credentials/signature-malformed": "The signature is not 64 bytes with both halves in range.",
  "credentials/signature-not-canonical": "The signature is the second form of another (high s).",
  "credentials/signature-wrong": "The signature does not match.",
  "credentials/holder-key-missing": "The credential is not bound to a holder's key.",
  "credentials/holder-key-malformed": "The holder's key is not a public P-256 key.",
  "credentials/holder-key-unexpected": "The credential is bound to another key than was asked for.",
  "credentials/key-binding-missing": "The holder did not sign the presentation.",
  "credentials/key-binding-unexpected": "A signed presentation stands where none belongs.",
  "credentials/audience-wrong": "The presentation was made for another body.",
  "credentials/nonce-wrong": "The presentation answers another request.",
  "credentials/presentation-too-old": "The presentation was made too long ago.",
  "credentials/presentation-hash-wrong": "The holder signed another selection of disclosures.",
  "credentials/status-unknown": "The credential's status cannot be found out.",
  "credentials/revoked": "The issuer has withdrawn the credential.",
  "credentials/suspended": "The issuer has suspended the credential.",
  "credentials/different-holders": "The credentials are not bound to one holder's key.",
  "credentials/status-list-malformed": "The status list is not well formed.",
  "credentials/status-list-wrong": "The status list is another than the one referred to.",
} as const;

/** A stable code, `credentials/reason`. */
export type FaultCode = keyof typeof TEXTS;

/** The part of the token in which the fault lies. */
export type FaultPart =
  | "presentation"
  | "issuer-token"
  | "disclosure"
  | "key-binding"
  | "status-list";

/** One thing that is wrong. `index` counts disclosures, or presentations shown together, from 0. */
export interface Fault {
  readonly code: FaultCode;
  readonly part: FaultPart;
  readonly index: number | null;
  /** What is wrong, in one sentence without personal data. */
  readonly what: string;
}

/** All codes in the order of checking. */
export const FAULT_CODES: readonly FaultCode[] = Object.keys(TEXTS) as FaultCode[];

/** Builds a fault. */
export function fault(code: FaultCode, part: FaultPart, index: number | null = null): Fault {
  return { code, part, index, what: TEXTS[code] };
}

/** The same faults in the order of checking, each named once for each place. */
export function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const byPlace = new Map(faults.map((one) => [`${one.code} ${one.part} ${one.index}`, one]));
  return [...byPlace.values()].sort(
    (a, b) => FAULT_CODES.indexOf(a.code) - FAULT_CODES.indexOf(b.code),
  );
}

/** Thrown when an issuer or a wallet asks for something that cannot be made. It is a mistake of the
 * caller, never the answer to a token from outside. */
export class CredentialsError extends Error {
  readonly code: `credentials/${string}`;
  constructor(code: `credentials/${string}`, message: string) {
    super(message);
    this.name = "CredentialsError";
    this.code = code;
  }
}
