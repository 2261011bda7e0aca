import { type CborInput, type CommittedField, commit } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import type { Body } from "./body.ts";
import { SALT_BYTES } from "./openings.ts";

/** A named value to be committed to. */
export interface PlainField {
  readonly name: string;
  readonly value: CborInput;
}

/** Gives each field a fresh salt of 32 random bytes. */
export const saltFields = (
  { randomBytes }: Pick<Body, "randomBytes">,
  fields: readonly PlainField[],
): readonly CommittedField[] =>
  fields.map(({ name, value }) => ({ name, salt: randomBytes(SALT_BYTES), value }));

/**
 * The root of fields in a case; null when they cannot be committed to (none, too many, a name
 * twice).
 */
export function rootOf(
  { ledger }: Pick<Body, "ledger">,
  caseId: Uint8Array,
  fields: readonly CommittedField[],
): Hash | null {
  try {
    return commit(ledger.host.sha256, { networkId: ledger.networkId, caseId, fields });
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}
