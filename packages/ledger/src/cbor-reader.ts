import { decodeUtf8 } from "@tallystick/log";
import type { Cbor, CborFault } from "./cbor.ts";

/** Arrays within arrays; the outermost array is at depth 1. */
export const MAX_DEPTH: number = 16;

export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

const INT64_HIGH_LIMIT = 0x8000_0000;

/**
 * Reads items one after the other. The first fault is kept, with its place, and everything read
 * after it is `undefined`: callers ask for `fault` once, at the end.
 */
export class CborReader {
  readonly bytes: Uint8Array;
  at = 0;
  fault: CborFault | null = null;
  /** The head read last: major type, and its argument as two 32-bit halves. */
  major = 0;
  high = 0;
  low = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Notes the fault, if it is the first, and answers undefined. */
  refuse(code: CborFault["code"], at: number): undefined {
    this.fault ??= { code, at };
    return undefined;
  }

  private reject(code: CborFault["code"], at: number): false {
    this.refuse(code, at);
    return false;
  }

  /** Reads a head into `major`, `high` and `low`. False when there is none to be accepted. */
  head(): boolean {
    const start = this.at;
    const first = this.bytes[start];
    if (first === undefined) return this.reject("cbor/truncated", start);
    const info = first & 0x1f;
    this.major = first >> 5;
    this.high = 0;
    this.low = info;
    this.at = start + 1;
    if (info < 24) return true;
    if (this.major === MAJOR.simple) return this.reject(simpleFault(info), start);
    if (info === 31) return this.reject("cbor/indefinite-length", start);
    if (info > 27) return this.reject("cbor/reserved-head", start);
    return this.argument(start, 1 << (info - 24));
  }

  private argument(start: number, width: number): boolean {
    if (this.at + width > this.bytes.length) {
      return this.reject("cbor/truncated", start);
    }
    if (width === 8) this.high = this.bigEndian(4);
    this.low = this.bigEndian(Math.min(width, 4));
    const shortest =
      width === 1
        ? this.low >= 24
        : width === 2
          ? this.low > 0xff
          : width === 4
            ? this.low > 0xffff
            : this.high > 0;
    return shortest || this.reject("cbor/not-shortest", start);
  }

  private bigEndian(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i += 1) value = value * 256 + (this.bytes[this.at + i] as number);
    this.at += width;
    return value;
  }

  /** One whole item. */
  item(depth: number = 1): Cbor | undefined {
    const start = this.at;
    if (!this.head()) return undefined;
    switch (this.major) {
      case MAJOR.unsigned:
      case MAJOR.negative:
        return this.integer(start);
      case MAJOR.bytes:
        return this.string(start)?.slice();
      case MAJOR.text: {
        const utf8 = this.string(start);
        if (utf8 === undefined) return undefined;
        return decodeUtf8(utf8) ?? this.refuse("cbor/bad-utf8", start);
      }
      case MAJOR.array:
        return this.array(start, depth);
      case MAJOR.map:
        return this.refuse("cbor/map-not-allowed", start);
      case MAJOR.tag:
        return this.refuse("cbor/tag-not-allowed", start);
      default:
        return this.simple(start);
    }
  }

  private integer(start: number): bigint | undefined {
    if (this.high >= INT64_HIGH_LIMIT) return this.refuse("cbor/integer-out-of-range", start);
    const value =
      this.high === 0 ? BigInt(this.low) : (BigInt(this.high) << 32n) | BigInt(this.low);
    return this.major === MAJOR.unsigned ? value : -1n - value;
  }

  /** The bytes that the head just read announces: a view, not a copy. */
  string(start: number): Uint8Array | undefined {
    const end = this.at + this.low;
    if (this.high > 0 || end > this.bytes.length) return this.refuse("cbor/truncated", start);
    const found = this.bytes.subarray(this.at, end);
    this.at = end;
    return found;
  }

  private array(start: number, depth: number): readonly Cbor[] | undefined {
    if (depth > MAX_DEPTH) return this.refuse("cbor/too-deep", start);
    const count = this.low;
    // Each item takes a byte at least, so no count can make us reserve more than we were sent.
    if (this.high > 0 || count > this.bytes.length - this.at) {
      return this.refuse("cbor/truncated", start);
    }
    const items: Cbor[] = [];
    for (let i = 0; i < count; i += 1) {
      const item = this.item(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  private simple(start: number): boolean | null | undefined {
    if (this.low === 20) return false;
    if (this.low === 21) return true;
    if (this.low === 22) return null;
    return this.refuse("cbor/simple-not-allowed", start);
  }
}

const simpleFault = (info: number): CborFault["code"] => {
  if (info >= 25 && info <= 27) return "cbor/float-not-allowed";
  if (info === 24) return "cbor/simple-not-allowed";
  return info === 31 ? "cbor/indefinite-length" : "cbor/reserved-head";
};
