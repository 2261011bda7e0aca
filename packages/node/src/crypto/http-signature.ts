import { signatureBase } from "@tallystick/client";

/**
 * Signed requests (RFC 9421), in one profile: label `sig`, over method, authority, path and query,
 * with `created`, `keyid` and `alg`.
 *
 *   Signature-Input: sig=("@method" "@authority" "@path" "@query")
 *     ;created=1795323000;keyid="public-auditor/executor";alg="ed25519"
 *   Signature: sig=:MEUC…:
 */
export type HttpAlgorithm = "ed25519" | "ecdsa-p256-sha256";

/** How far a request's `created` may lie from the node's clock, in seconds. */
export const MAX_REQUEST_AGE_SECONDS = 300;

const COMPONENTS = ["@method", "@authority", "@path", "@query"] as const;
const INPUT =
  /^sig=(\((?:"[@a-z-]+"(?: "[@a-z-]+")*)\);created=(\d{1,12})(?:;expires=\d{1,12})?;keyid="([\x20\x21\x23-\x5b\x5d-\x7e]{1,200})";alg="(ed25519|ecdsa-p256-sha256)")$/;
const SIGNATURE = /^sig=:([A-Za-z0-9+/]{86}==):$/;

export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
}

export interface RequestSigner {
  readonly keyId: string;
  readonly algorithm: HttpAlgorithm;
  sign(message: Uint8Array): Uint8Array;
}

/** The two headers that sign a request. */
export function signRequest(
  request: RequestToSign,
  signer: RequestSigner,
  createdSeconds: number,
): Record<string, string> {
  const components = COMPONENTS.map((name) => `"${name}"`).join(" ");
  const params = `(${components});created=${createdSeconds};keyid="${signer.keyId}";alg="${signer.algorithm}"`;
  const signature = signer.sign(signatureBase(request, COMPONENTS, params));
  return {
    "Signature-Input": `sig=${params}`,
    Signature: `sig=:${Buffer.from(signature).toString("base64")}:`,
  };
}

export interface SignedRequest extends RequestToSign {
  readonly signatureInput: string | undefined;
  readonly signature: string | undefined;
}

/** Who a signed request claims to be from, and what to verify. */
export interface RequestClaim {
  readonly keyId: string;
  readonly algorithm: HttpAlgorithm;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Null when it is not signed in this profile, or too long ago. Nothing is verified yet. */
export function readRequestClaim(request: SignedRequest, nowSeconds: number): RequestClaim | null {
  const input = INPUT.exec(request.signatureInput ?? "");
  const signature = SIGNATURE.exec(request.signature ?? "");
  if (input === null || signature === null) return null;
  const [, params = "", created = "", keyId = "", algorithm = ""] = input;
  if (Math.abs(nowSeconds - Number(created)) > MAX_REQUEST_AGE_SECONDS) return null;
  const list = params.slice(1, params.indexOf(")"));
  const components = list.split(" ").map((quoted) => quoted.slice(1, -1));
  const isDistinct = new Set(components).size === components.length;
  const isKnown = components.every((name) => (COMPONENTS as readonly string[]).includes(name));
  if (!isDistinct || !isKnown || components.length !== COMPONENTS.length) return null;
  return {
    keyId,
    algorithm: algorithm as HttpAlgorithm,
    message: signatureBase(request, components, params),
    signature: new Uint8Array(Buffer.from(signature[1] ?? "", "base64")),
  };
}
