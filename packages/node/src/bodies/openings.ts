import { type Cbor, type CborInput, type CommittedField, encode } from "@tallystick/ledger";
import { equal, fromBase64Url, toBase64Url } from "@tallystick/log";

/** A committed value as JSON shows it; bytes are {"bytes": base64url}. */
export type OpeningValue =
  | string
  | number
  | boolean
  | null
  | { readonly bytes: string }
  | readonly OpeningValue[];

/** One committed field as JSON shows it. spec/bodies-api.md §2. */
export interface Opening {
  readonly name: string;
  /** 32 bytes in base64url. */
  readonly salt: string;
  readonly value: OpeningValue;
}

export const SALT_BYTES = 32;

/** Fields for JSON. */
export const encodeOpenings = (fields: readonly CommittedField[]): readonly Opening[] =>
  fields.map(({ name, salt, value }) => ({
    name,
    salt: toBase64Url(salt),
    value: valueToJson(value),
  }));

/** The fields in JSON, or null when they are none. */
export function decodeOpenings(json: unknown): readonly CommittedField[] | null {
  if (!Array.isArray(json)) return null;
  const fields: CommittedField[] = [];
  for (const item of json as readonly unknown[]) {
    const field = decodeOpening(item);
    if (field === null) return null;
    fields.push(field);
  }
  return fields;
}

function decodeOpening(json: unknown): CommittedField | null {
  if (typeof json !== "object" || json === null) return null;
  const { name, salt, value, ...more } = json as Record<string, unknown>;
  if (typeof name !== "string" || typeof salt !== "string" || Object.keys(more).length > 0) {
    return null;
  }
  const salted = fromBase64Url(salt);
  const decoded = valueFromJson(value);
  if (salted === null || salted.length !== SALT_BYTES || decoded === undefined) return null;
  return { name, salt: salted, value: decoded };
}

function valueToJson(value: CborInput): OpeningValue {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return { bytes: toBase64Url(value) };
  if (Array.isArray(value)) return value.map(valueToJson);
  return value as OpeningValue;
}

/** Undefined when it is no committed value. */
function valueFromJson(json: unknown): Cbor | undefined {
  if (json === null || typeof json === "string" || typeof json === "boolean") return json;
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : undefined;
  if (Array.isArray(json)) return listFromJson(json);
  const { bytes } = (json ?? {}) as { bytes?: unknown };
  return typeof bytes === "string" ? (fromBase64Url(bytes) ?? undefined) : undefined;
}

function listFromJson(json: readonly unknown[]): Cbor | undefined {
  const items = json.map(valueFromJson);
  return items.includes(undefined) ? undefined : (items as Cbor[]);
}

/** Are they one value? */
export const sameValue = (a: CborInput, b: CborInput): boolean => equal(encode(a), encode(b));
