import { encodeUtf8, toBase64, toHex } from "@tallystick/log";
import type { Signer } from "../sign.ts";

const COMPONENTS = ["@method", "@authority", "@path", "@query"] as const;

/**
 * The two headers that sign a request as the holder of a key (RFC 9421, the node's one profile:
 * spec/bodies-api.md §5). `createdSeconds` is the time as the node tells it.
 */
export const signRequest = async (options: {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly signer: Signer;
  readonly createdSeconds: number;
}): Promise<Readonly<Record<string, string>>> => {
  const { method, signer, createdSeconds } = options;
  const url = new URL(options.url);
  const algorithm = signer.algorithm === -9 ? "ecdsa-p256-sha256" : "ed25519";
  const list = COMPONENTS.map((name) => `"${name}"`).join(" ");
  const about = `created=${createdSeconds};keyid="${toHex(signer.keyId)}";alg="${algorithm}"`;
  const params = `(${list});${about}`;
  const signature = await signer.sign(signatureBase({ method, url }, COMPONENTS, params));
  return { "Signature-Input": `sig=${params}`, Signature: `sig=:${toBase64(signature)}:` };
};

/**
 * The bytes that a signature over a request is made of (RFC 9421 §2.5): each component in the order
 * named, then the parameters as they stand in `Signature-Input`. Knows the profile's four
 * components.
 */
export const signatureBase = (
  { method, url }: { readonly method: string; readonly url: URL },
  components: readonly string[],
  params: string,
): Uint8Array => {
  const values: Readonly<Record<string, string>> = {
    "@method": method.toUpperCase(),
    "@authority": url.host,
    "@path": url.pathname,
    "@query": url.search === "" ? "?" : url.search,
  };
  const lines = components.map((name) => `"${name}": ${values[name]}`);
  return encodeUtf8([...lines, `"@signature-params": ${params}`].join("\n"));
};
