import { concat, encodeUtf8, type Sha256 } from "@tallystick/log";
import type { Wording } from "./compiled.ts";

const WORDING_DOMAIN = "tallystick/wording/v1";

/** SHA-256 of the domain prefix and the published words. spec/service-definition.md, Wording. */
export const wordingHash = (sha: Sha256, { bytes }: Wording): Uint8Array =>
  sha.one(concat(encodeUtf8(WORDING_DOMAIN), bytes));
