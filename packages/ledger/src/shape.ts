import type { Cbor, CborInput } from "./cbor.ts";
import { type CoseKey, decodeCoseKey, encodeCoseKey } from "./keys.ts";

/**
 * The two directions of one positional CBOR shape. `decode` answers `undefined` for anything that
 * is not exactly the shape, so that null stays free to be a value.
 */
export interface Shape<T> {
  readonly encode: (value: T) => CborInput;
  readonly decode: (cbor: Cbor) => T | undefined;
}

/** A shape of several items in a fixed order: a CBOR array with no item to spare. */
export interface RecordShape<T> extends Shape<T> {
  readonly encode: (value: T) => readonly CborInput[];
}

/** A name: 1 to 128 characters out of a-z A-Z 0-9 . _ / : - , as in `bus-pass/pass.status`. */
export const MAX_NAME_LENGTH: number = 128;
/** Words for people (a body's name, a purpose): 1 to 2,000 UTF-16 units. */
export const MAX_WORDS_LENGTH: number = 2_000;
/** The most items in any list of a message, of genesis or of a definition. */
export const MAX_LIST_LENGTH: number = 1_000;
/** Days since 1970-01-01 of 1900-01-01 and of 2200-01-01: what a civil day in a message may be. */
export const MIN_DAY: number = -25_567;
export const MAX_DAY: number = 84_006;

const isNameCharacter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x2d && code <= 0x3a) || // - . / 0-9 :
  code === 0x5f;

const isName = (text: string): boolean => {
  if (text.length < 1 || text.length > MAX_NAME_LENGTH) return false;
  for (let at = 0; at < text.length; at += 1) {
    if (!isNameCharacter(text.charCodeAt(at))) return false;
  }
  return true;
};

/** True for a GSS area code: a capital letter and eight digits, for instance `E06000023`. */
export const isAreaCode = (text: string): boolean => {
  if (text.length !== 9) return false;
  const letter = text.charCodeAt(0);
  if (letter < 0x41 || letter > 0x5a) return false;
  for (let at = 1; at < 9; at += 1) {
    const digit = text.charCodeAt(at);
    if (digit < 0x30 || digit > 0x39) return false;
  }
  return true;
};

const textThat = (holds: (text: string) => boolean): Shape<string> => ({
  encode: (value) => value,
  decode: (cbor) => (typeof cbor === "string" && holds(cbor) ? cbor : undefined),
});

const integerThat = (holds: (value: bigint) => boolean): Shape<bigint> => ({
  encode: (value) => value,
  decode: (cbor) => (typeof cbor === "bigint" && holds(cbor) ? cbor : undefined),
});

/** An identifier: see MAX_NAME_LENGTH. */
export const name: Shape<string> = textThat(isName);
/** Words for people; never about a person. */
export const words: Shape<string> = textThat(
  (text) => text.length >= 1 && text.length <= MAX_WORDS_LENGTH,
);
/** A GSS area code. */
export const area: Shape<string> = textThat(isAreaCode);
/** Any int64. */
export const integer: Shape<bigint> = integerThat(() => true);
/** An int64 from zero up: counts, versions and milliseconds since 1970. */
export const natural: Shape<bigint> = integerThat((value) => value >= 0n);

/** A civil day as a number of days since 1970-01-01. */
export const day: Shape<number> = {
  encode: (value) => BigInt(value),
  decode: (cbor) =>
    typeof cbor === "bigint" && cbor >= MIN_DAY && cbor <= MAX_DAY ? Number(cbor) : undefined,
};

export const flag: Shape<boolean> = {
  encode: (value) => value,
  decode: (cbor) => (typeof cbor === "boolean" ? cbor : undefined),
};

/** Any byte string. */
export const bytes: Shape<Uint8Array> = {
  encode: (value) => value,
  decode: (cbor) => (cbor instanceof Uint8Array ? cbor : undefined),
};

/** A byte string of exactly so many bytes. */
export const bytesOf = (length: number): Shape<Uint8Array> => ({
  encode: (value) => value,
  decode: (cbor) => (cbor instanceof Uint8Array && cbor.length === length ? cbor : undefined),
});

/** 32 bytes: a hash, a key id, a commitment. */
export const hash: Shape<Uint8Array> = bytesOf(32);
/** 16 bytes: a case id, a nonce. */
export const id16: Shape<Uint8Array> = bytesOf(16);

/** A COSE_Key inside a byte string. */
export const coseKey: Shape<CoseKey> = {
  encode: (value) => encodeCoseKey(value),
  decode: (cbor) => (cbor instanceof Uint8Array ? (decodeCoseKey(cbor) ?? undefined) : undefined),
};

/** The shape or null. */
export const orNull = <T>(shape: Shape<T>): Shape<T | null> => ({
  encode: (value) => (value === null ? null : shape.encode(value)),
  decode: (cbor) => (cbor === null ? null : shape.decode(cbor)),
});

/** One of a few words, written as its position: 0 for the first. */
export const oneOf = <T extends string>(choices: readonly T[]): Shape<T> => ({
  encode: (value) => BigInt(choices.indexOf(value)),
  decode: (cbor) => (typeof cbor === "bigint" ? choices[Number(cbor)] : undefined),
});

/** One of a few words, written as the word. */
export const wordOf = <T extends string>(choices: readonly T[]): Shape<T> => ({
  encode: (value) => value,
  decode: (cbor) => choices.find((choice) => choice === cbor),
});

/** A list of at most MAX_LIST_LENGTH items, or of at most `most`. */
export const list = <T>(shape: Shape<T>, most: number = MAX_LIST_LENGTH): Shape<readonly T[]> => ({
  encode: (value) => value.map(shape.encode),
  decode: (cbor) => {
    if (!Array.isArray(cbor) || cbor.length > most) return undefined;
    const items: T[] = [];
    for (const item of cbor) {
      const decoded = shape.decode(item);
      if (decoded === undefined) return undefined;
      items.push(decoded);
    }
    return items;
  },
});

/** A record as a positional array: the order of `fields` is the order on the wire. */
export const record = <T extends object>(
  fields: {
    readonly [K in keyof T]: Shape<T[K]>;
  },
): RecordShape<T> => {
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
