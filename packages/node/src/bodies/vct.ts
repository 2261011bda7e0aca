import type { PublicJwk } from "@tallystick/credentials";
import { fromBase64Url, toBase64Url } from "@tallystick/log";

const PREFIX = "tallystick:";
const COORDINATE_BYTES = 32;

/** The `vct` of what a definition calls `registrar/date-of-birth`. */
export const vctOf = (name: string): string => `${PREFIX}${name}`;

/** The last part of a credential's name: `date-of-birth`. */
export const lastPart = (vct: string): string => vct.slice(vct.lastIndexOf("/") + 1);

/** A P-256 public key, x ‖ y, as JWK. */
export const jwkOf = (publicKey: Uint8Array): PublicJwk => ({
  kty: "EC",
  crv: "P-256",
  x: toBase64Url(publicKey.subarray(0, COORDINATE_BYTES)),
  y: toBase64Url(publicKey.subarray(COORDINATE_BYTES)),
});

/** The public P-256 key in JSON, or null when it is not exactly one. */
export function readJwk(json: unknown): PublicJwk | null {
  if (typeof json !== "object" || json === null) return null;
  const { kty, crv, x, y } = json as Record<string, unknown>;
  const isCoordinate = (text: unknown): text is string =>
    typeof text === "string" && fromBase64Url(text)?.length === COORDINATE_BYTES;
  if (kty !== "EC" || crv !== "P-256" || !isCoordinate(x) || !isCoordinate(y)) return null;
  return { kty, crv, x, y };
}
