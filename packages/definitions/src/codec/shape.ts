import type { Cbor, CborInput } from "@tallystick/ledger";
import { COMPILED, type Placed } from "../position.ts";

/** Both directions of one positional shape; `decode` answers undefined for anything else. */
export interface Shape<T> {
  readonly encode: (value: T) => CborInput;
  readonly decode: (cbor: Cbor) => T | undefined;
}

/** The longest text and list in the rules of a definition. */
const MAX_TEXT = 2_000;
const MAX_ITEMS = 5_000;

export const text: Shape<string> = {
  encode: (value) => value,
  decode: (cbor) => (typeof cbor === "string" && cbor.length <= MAX_TEXT ? cbor : undefined),
};

export const flag: Shape<boolean> = {
  encode: (value) => value,
  decode: (cbor) => (typeof cbor === "boolean" ? cbor : undefined),
};

/** A day as days since 1970-01-01. */
export const day: Shape<number> = {
  encode: (value) => BigInt(value),
  decode: (cbor) =>
    typeof cbor === "bigint" && cbor > -1_000_000n && cbor < 1_000_000n ? Number(cbor) : undefined,
};

export const orNull = <T>(shape: Shape<T>): Shape<T | null> => ({
  encode: (value) => (value === null ? null : shape.encode(value)),
  decode: (cbor) => (cbor === null ? null : shape.decode(cbor)),
});

export const oneOf = <T extends string>(choices: readonly T[]): Shape<T> => ({
  encode: (value) => value,
  decode: (cbor) => choices.find((choice) => choice === cbor),
});

export const list = <T>(shape: Shape<T>): Shape<readonly T[]> => ({
  encode: (value) => value.map(shape.encode),
  decode: (cbor) => {
    if (!Array.isArray(cbor) || cbor.length > MAX_ITEMS) return undefined;
    const items: T[] = [];
    for (const item of cbor) {
      const decoded = shape.decode(item);
      if (decoded === undefined) return undefined;
      items.push(decoded);
    }
    return items;
  },
});

type Fields<T> = { readonly [K in keyof T]: Shape<T[K]> };

/** A positional array: the order of `fields` is the order on the wire. */
export const record = <T extends object>(fields: Fields<T>): Shape<T> => {
  const names = Object.keys(fields) as (keyof T)[];
  return {
    encode: (value) => names.map((field) => fields[field].encode(value[field])),
    decode: (cbor) => {
      if (!Array.isArray(cbor) || cbor.length !== names.length) return undefined;
      const decoded: Partial<T> = {};
      for (const [at, field] of names.entries()) {
        const item = fields[field].decode(cbor[at] as Cbor);
        if (item === undefined) return undefined;
        decoded[field] = item;
      }
      return decoded as T;
    },
  };
};

/** A record whose position in the files is not written; what is decoded stands at COMPILED. */
export const placed = <T extends Placed>(fields: Fields<Omit<T, "at">>): Shape<T> => {
  const plain = record<Omit<T, "at">>(fields);
  return {
    encode: (value) => plain.encode(value),
    decode: (cbor) => {
      const decoded = plain.decode(cbor);
      return decoded === undefined ? undefined : ({ ...decoded, at: COMPILED } as unknown as T);
    },
  };
};

/** A union written as [tag, …]: the tag chooses the shape of the whole. */
export const tagged = <T extends { readonly kind: string }>(
  shapes: Readonly<Record<T["kind"], Shape<T>>>,
): Shape<T> => ({
  encode: (value) => shapes[value.kind as T["kind"]].encode(value),
  decode: (cbor) => {
    const tag = Array.isArray(cbor) && typeof cbor[0] === "string" ? cbor[0] : "";
    return Object.hasOwn(shapes, tag) ? shapes[tag as T["kind"]].decode(cbor) : undefined;
  },
});
