import { encodeUtf8, type Hash, type Sha256 } from "@tallystick/log";

const DOMAIN = encodeUtf8("tallystick/credential/v1");

/**
 * The hash by which a decision commits to a credential that was shown: over what its issuer signed,
 * as canonical JSON, and never over the token, which can have two texts of one meaning. Null when
 * the text has no readable payload. spec/bodies-api.md §6.
 */
export function credentialHash(sha: Sha256, presentation: string): Hash | null {
  const payload = issuerPayload(presentation);
  return payload === null
    ? null
    : sha.one(new Uint8Array([...DOMAIN, ...encodeUtf8(canonicalJson(payload))]));
}

function issuerPayload(presentation: string): unknown {
  const [token = ""] = presentation.split("~", 1);
  const [, payload = ""] = token.split(".");
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** JSON in the one form of RFC 8785: members by name in UTF-16 order, ECMAScript's own literals. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`);
  return `{${members.join(",")}}`;
}
