import { encodeUtf8 } from "@tallystick/log";
import { CborReader, MAJOR, MAX_DEPTH } from "./cbor-reader.ts";

/** What may stand in a record: int64, bytes, text, true, false, null, and arrays of these. */
export type Cbor = bigint | Uint8Array | string | boolean | null | readonly Cbor[];

/** What may be encoded: as `Cbor`, and safe integers written as numbers. */
export type CborInput =
  | bigint
  | number
  | Uint8Array
  | string
  | boolean
  | null
  | readonly CborInput[];

/** Why bytes are not the one encoding of a value. Of several faults the first in the bytes wins. */
export type CborCode =
  | "cbor/truncated"
  | "cbor/reserved-head"
  | "cbor/indefinite-length"
  | "cbor/not-shortest"
  | "cbor/map-not-allowed"
  | "cbor/tag-not-allowed"
  | "cbor/float-not-allowed"
  | "cbor/simple-not-allowed"
  | "cbor/integer-out-of-range"
  | "cbor/bad-utf8"
  | "cbor/too-deep"
  | "cbor/trailing-bytes";

/** A refusal and the offset, in bytes, of the item that is at fault. */
export interface CborFault {
  readonly code: CborCode;
  readonly at: number;
}

export type DecodeResult =
  | { readonly ok: true; readonly value: Cbor }
  | ({ readonly ok: false } & CborFault);

const MIN_INT64 = -(1n << 63n);
const MAX_INT64 = (1n << 63n) - 1n;

/**
 * The one encoding of a value: RFC 8949 §4.2 with shortest heads and definite lengths.
 * For instance [1, "a", h'00'] is `83 01 61 61 41 00`. Throws RangeError for a number that is not
 * an int64, a lone surrogate or more than MAX_DEPTH arrays within arrays. spec/README.md.
 */
export const encode = (value: CborInput): Uint8Array => {
  const writer = new Writer();
  writer.item(value, 1);
  return writer.finish();
};

/** The value of one whole item that is the only thing in `bytes`; see `CborCode` for refusals. */
export const decode = (bytes: Uint8Array): DecodeResult => {
  const reader = new CborReader(bytes);
  const value = reader.item();
  if (reader.at !== bytes.length) reader.refuse("cbor/trailing-bytes", reader.at);
  if (reader.fault !== null) return { ok: false, ...reader.fault };
  return { ok: true, value: value as Cbor };
};

/** Appends to a buffer that doubles as it fills. */
class Writer {
  private buffer = new Uint8Array(256);
  private at = 0;

  finish(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  item(value: CborInput, depth: number): void {
    if (typeof value === "bigint" || typeof value === "number") this.integer(value);
    else if (typeof value === "string") this.string(MAJOR.text, encodeUtf8(value));
    else if (value instanceof Uint8Array) this.string(MAJOR.bytes, value);
    else if (value === null) this.byte(0xf6);
    else if (typeof value === "boolean") this.byte(value ? 0xf5 : 0xf4);
    else this.array(value, depth);
  }

  private array(items: readonly CborInput[], depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError("arrays are nested too deep");
    this.head(MAJOR.array, items.length);
    for (const item of items) this.item(item, depth + 1);
  }

  private integer(value: bigint | number): void {
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) throw new RangeError("number is not a safe integer");
      if (value >= 0) this.head(MAJOR.unsigned, value);
      else this.head(MAJOR.negative, -1 - value);
      return;
    }
    if (value < MIN_INT64 || value > MAX_INT64) throw new RangeError("integer is not an int64");
    const [major, magnitude] =
      value >= 0n ? [MAJOR.unsigned, value] : [MAJOR.negative, -1n - value];
    if (magnitude <= 0xffff_ffffn) this.head(major, Number(magnitude));
    else this.wide(major, Number(magnitude >> 32n), Number(magnitude & 0xffff_ffffn));
  }

  private string(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  private head(major: number, argument: number): void {
    if (argument < 24) this.byte((major << 5) | argument);
    else if (argument <= 0xff) this.narrow(major, 24, argument);
    else if (argument <= 0xffff) this.narrow(major, 25, argument);
    else if (argument <= 0xffff_ffff) this.narrow(major, 26, argument);
    else this.wide(major, Math.floor(argument / 0x1_0000_0000), argument % 0x1_0000_0000);
  }

  /** `info` 24, 25 and 26 announce 1, 2 and 4 bytes. */
  private narrow(major: number, info: number, argument: number): void {
    this.byte((major << 5) | info);
    this.bigEndian(argument, 1 << (info - 24));
  }

  private wide(major: number, high: number, low: number): void {
    this.byte((major << 5) | 27);
    this.bigEndian(high, 4);
    this.bigEndian(low, 4);
  }

  private bigEndian(value: number, width: number): void {
    this.reserve(width);
    for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) {
      this.buffer[this.at] = (value >>> shift) & 0xff;
      this.at += 1;
    }
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at] = value;
    this.at += 1;
  }

  private reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
  }
}
