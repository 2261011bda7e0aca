import type { Bytes } from "./base64url.ts";
import { CredentialsError } from "./faults.ts";
import type { Randomness } from "./issue-sd-jwt.ts";
import { MAX_STATUS_ENTRIES, MAX_STATUS_LIST_BYTES } from "./limits.ts";

/** How many bits an entry takes. */
export type StatusBits = 1 | 2 | 4 | 8;

/** Status values of Token Status List §7.1. */
export const STATUS_VALID = 0;
export const STATUS_INVALID = 1;
export const STATUS_SUSPENDED = 2;

/** A status list (draft-ietf-oauth-status-list §4.1): entries packed from the least significant bit
 * of each byte. The bytes are the caller's to keep; `setStatus` changes them in place. */
export interface StatusList {
  readonly bits: StatusBits;
  readonly bytes: Bytes;
}

/** Is it one of the four widths? */
export function isStatusBits(value: unknown): value is StatusBits {
  return value === 1 || value === 2 || value === 4 || value === 8;
}

/** A list of valid entries. Their number is rounded up to whole bytes. Throws CredentialsError
 * `credentials/status-list-size` beyond MAX_STATUS_ENTRIES. */
export function createStatusList(bits: StatusBits, entries: number): StatusList {
  if (!Number.isSafeInteger(entries) || entries < 1 || entries > MAX_STATUS_ENTRIES) {
    throw new CredentialsError(
      "credentials/status-list-size",
      "A status list has 1 to 2^20 entries.",
    );
  }
  return { bits, bytes: new Uint8Array(Math.ceil((entries * bits) / 8)) };
}

/** How many entries the list has. */
export function statusEntries(list: StatusList): number {
  return (list.bytes.length * 8) / list.bits;
}

/** The value of an entry; null outside the list. */
export function statusAt(list: StatusList, index: number): number | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= statusEntries(list)) return null;
  const firstBit = index * list.bits;
  return (list.bytes[Math.floor(firstBit / 8)]! >> (firstBit % 8)) & ((1 << list.bits) - 1);
}

/** Sets the value of an entry in place.
 * Throws CredentialsError `credentials/status-out-of-range`. */
export function setStatus(list: StatusList, index: number, value: number): void {
  const mask = (1 << list.bits) - 1;
  if (statusAt(list, index) === null || !Number.isSafeInteger(value) || value < 0 || value > mask) {
    throw new CredentialsError(
      "credentials/status-out-of-range",
      "No such entry, or no such value.",
    );
  }
  const firstBit = index * list.bits;
  const at = Math.floor(firstBit / 8);
  const shift = firstBit % 8;
  list.bytes[at] = (list.bytes[at]! & ~(mask << shift)) | (value << shift);
}

/** Chooses an entry that is still free, each with the same chance, so that the number says nothing
 * about when a credential was issued; null when all are taken. `isTaken` is the issuer's record. */
export function freeStatusIndex(
  list: StatusList,
  isTaken: (index: number) => boolean,
  randomness: Randomness,
): number | null {
  const entries = statusEntries(list);
  for (let attempt = 0; attempt < 32; attempt++) {
    const index = randomBelow(entries, randomness);
    if (!isTaken(index)) return index;
  }
  const free = Array.from({ length: entries }, (_, index) => index).filter((one) => !isTaken(one));
  return free.length === 0 ? null : free[randomBelow(free.length, randomness)]!;
}

/** A whole number in [0, limit), without the bias of a remainder. */
function randomBelow(limit: number, randomness: Randomness): number {
  const span = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const [a, b, c, d] = randomness(4) as unknown as [number, number, number, number];
    const drawn = a * 2 ** 24 + (b << 16) + (c << 8) + d;
    if (drawn < span) return drawn % limit;
  }
}

/** Packs a list as `lst` holds it: ZLIB with DEFLATE (RFC 1950, 1951). Two libraries may give other
 * bytes for the same list, so the bytes are kept, and never compared with fresh ones. */
export async function compressStatusList(list: StatusList): Promise<Bytes> {
  const packed = await pipe(list.bytes, new CompressionStream("deflate"), Number.POSITIVE_INFINITY);
  return packed!;
}

/** Unpacks `lst`; null when it is not ZLIB or grows beyond MAX_STATUS_LIST_BYTES. */
export async function decompressStatusList(
  bits: StatusBits,
  packed: Bytes,
): Promise<StatusList | null> {
  const bytes = await pipe(packed, new DecompressionStream("deflate"), MAX_STATUS_LIST_BYTES);
  return bytes === null || bytes.length === 0 ? null : { bits, bytes };
}

/** Stops reading at the limit: a few bytes can unpack to gigabytes. */
async function pipe(
  bytes: Bytes,
  transform: CompressionStream | DecompressionStream,
  limitBytes: number,
): Promise<Bytes | null> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
      if (size > limitBytes) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return null;
  }
  return join(chunks, size);
}

function join(chunks: readonly Uint8Array[], size: number): Bytes {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
