import { type Disclosure, parseDisclosure } from "./disclosure.ts";
import { type Fault, fault } from "./faults.ts";
import { MAX_DISCLOSURES, MAX_TOKEN_BYTES } from "./limits.ts";
import { type Parsed, type ParsedJws, parseJws } from "./parse-jws.ts";

/** An SD-JWT or SD-JWT+KB (RFC 9901 §4) taken apart. */
export interface ParsedSdJwt {
  readonly issuerToken: ParsedJws;
  readonly disclosures: readonly Disclosure[];
  /** The holder's signature over the presentation; null in a credential as issued. */
  readonly keyBinding: ParsedJws | null;
  /** Everything up to and with the last tilde: what `sd_hash` covers. */
  readonly withoutKeyBinding: string;
}

/** Takes `<issuer token>~<disclosure>~…~[<key binding>]` apart, each part in its strict form.
 * Reports the faults of every part. */
export async function parseSdJwt(text: string): Promise<Parsed<ParsedSdJwt>> {
  const refused = judgeOutline(text);
  if (refused !== null) return { ok: false, faults: [refused] };
  const pieces = text.split("~");
  const issuerToken = parseJws(pieces[0]!, "issuer-token");
  const last = pieces.at(-1)!;
  const keyBinding = last === "" ? null : parseJws(last, "key-binding");
  const disclosures = await Promise.all(pieces.slice(1, -1).map(parseDisclosure));
  const faults: Fault[] = [issuerToken, keyBinding, ...disclosures].flatMap((one) =>
    one === null || one.ok ? [] : one.faults,
  );
  if (!issuerToken.ok || keyBinding?.ok === false || faults.length > 0)
    return { ok: false, faults };
  return {
    ok: true,
    value: {
      issuerToken: issuerToken.value,
      disclosures: disclosures.flatMap((one) => (one.ok ? [one.value] : [])),
      keyBinding: keyBinding?.value ?? null,
      withoutKeyBinding: text.slice(0, text.length - last.length),
    },
  };
}

/** The token is measured before anything in it is decoded. A letter is a byte: any other letter is
 * refused as not strict base64url. */
function judgeOutline(text: string): Fault | null {
  if (text.length > MAX_TOKEN_BYTES) return fault("credentials/too-large", "presentation");
  const tildes = text.split("~").length - 1;
  if (tildes === 0) return fault("credentials/token-malformed", "presentation");
  if (tildes - 1 > MAX_DISCLOSURES) {
    return fault("credentials/too-many-disclosures", "presentation");
  }
  return null;
}
