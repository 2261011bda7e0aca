import type { Cbor, CborInput, CommitmentInput } from "@tallystick/ledger";
import { fromBase64Url, toBase64Url } from "@tallystick/log";

export type { CommitmentInput } from "@tallystick/ledger";

/** One committed field as JSON: the salt is base64url (spec/bodies-api.md §2). */
export interface Opening {
  readonly name: string;
  readonly salt: string;
  readonly value: unknown;
}

type Fields = CommitmentInput["fields"];

/** A commitment's fields as JSON, in their order. */
export const encodeOpenings = ({ fields }: CommitmentInput): readonly Opening[] =>
  fields.map(({ name, salt, value }) => ({
    name,
    salt: toBase64Url(salt),
    value: encodeValue(value),
  }));

/** Fields out of JSON; null when one is not of its form. */
export const decodeOpenings = (openings: readonly Opening[]): Fields | null => {
  const fields: { name: string; salt: Uint8Array; value: Cbor }[] = [];
  for (const { name, salt, value } of openings) {
    const bytes = typeof salt === "string" ? fromBase64Url(salt) : null;
    const decoded = decodeValue(value);
    if (typeof name !== "string" || bytes === null || decoded === undefined) return null;
    fields.push({ name, salt: bytes, value: decoded });
  }
  return fields;
};

const encodeValue = (value: CborInput): unknown => {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return { bytes: toBase64Url(value) };
  return Array.isArray(value) ? value.map(encodeValue) : value;
};

const decodeValue = (value: unknown): Cbor | undefined => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (Array.isArray(value)) {
    const items = value.map(decodeValue);
    return items.some((item) => item === undefined) ? undefined : (items as Cbor[]);
  }
  const { bytes } = value as { readonly bytes?: unknown };
  return typeof bytes === "string" ? (fromBase64Url(bytes) ?? undefined) : undefined;
};
