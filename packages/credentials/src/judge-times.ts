import { type Fault, type FaultCode, type FaultPart, fault } from "./faults.ts";
import { type JsonObject, member } from "./json.ts";

/** The times of a token in whole seconds since 1970; null when absent or malformed. */
export interface Times {
  readonly issuedAt: number | null;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  readonly faults: readonly Fault[];
}

export interface Clock {
  readonly nowSeconds: number;
  readonly skewSeconds: number;
}

/** Reads and judges `iat`, `nbf` and `exp` (RFC 7519 §4.1) against a clock. */
export function judgeTimes(payload: JsonObject, part: FaultPart, clock: Clock): Times {
  const faults: Fault[] = [];
  const add = (code: FaultCode): number => faults.push(fault(code, part));
  const read = (name: string): number | null => {
    const value = member(payload, name);
    if (value === undefined) return null;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    add("credentials/time-malformed");
    return null;
  };
  const [issuedAt, notBefore, expiresAt] = [read("iat"), read("nbf"), read("exp")];
  const latest = clock.nowSeconds + clock.skewSeconds;
  const earliest = clock.nowSeconds - clock.skewSeconds;
  if (issuedAt !== null && issuedAt > latest) add("credentials/issued-in-future");
  if (notBefore !== null && notBefore > latest) add("credentials/not-yet-valid");
  if (expiresAt !== null && expiresAt <= earliest) add("credentials/expired");
  return { issuedAt, notBefore, expiresAt, faults };
}
