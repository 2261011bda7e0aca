import type { Cbor, CborInput } from "./cbor.ts";
import { isAreaCode, name } from "./shape.ts";

/**
 * Where an act was done, as its signer claims. On the wire [kind, value, precision], for instance
 * [4, "E06000023", 0]. Precision is in metres and 0 where the kind has none. spec/transaction.md.
 */
export type Place =
  | { readonly kind: "site"; readonly siteId: string }
  | { readonly kind: "uprn"; readonly uprn: bigint }
  | { readonly kind: "grid"; readonly reference: string; readonly precisionMetres: bigint }
  | {
      readonly kind: "coordinates";
      /** Ten-millionths of a degree, north and east positive. */
      readonly latitudeE7: bigint;
      readonly longitudeE7: bigint;
      readonly precisionMetres: bigint;
    }
  | { readonly kind: "area"; readonly code: string };

/** A UPRN has at most 12 digits. */
const MAX_UPRN = 999_999_999_999n;
/** Coarser than this is not a place in one authority any more. */
export const MAX_PRECISION_METRES: bigint = 100_000n;
const MAX_LATITUDE_E7 = 900_000_000n;
const MAX_LONGITUDE_E7 = 1_800_000_000n;

/** The place as [kind, value, precision]. */
export const encodePlace = (place: Place): CborInput => {
  switch (place.kind) {
    case "site":
      return [0n, place.siteId, 0n];
    case "uprn":
      return [1n, place.uprn, 0n];
    case "grid":
      return [2n, place.reference, place.precisionMetres];
    case "coordinates":
      return [3n, [place.latitudeE7, place.longitudeE7], place.precisionMetres];
    case "area":
      return [4n, place.code, 0n];
  }
};

/** The place out of [kind, value, precision], or undefined when it is none. */
export const decodePlace = (cbor: Cbor): Place | undefined => {
  if (!Array.isArray(cbor) || cbor.length !== 3) return undefined;
  const [kind, value, precision] = cbor as [Cbor, Cbor, Cbor];
  if (typeof precision !== "bigint" || precision < 0n || precision > MAX_PRECISION_METRES) {
    return undefined;
  }
  if (kind === 2n) return decodeGrid(value, precision);
  if (kind === 3n) return decodeCoordinates(value, precision);
  return precision === 0n ? decodeExact(kind, value) : undefined;
};

const decodeExact = (kind: Cbor, value: Cbor): Place | undefined => {
  if (kind === 0n) {
    const siteId = name.decode(value);
    return siteId === undefined ? undefined : { kind: "site", siteId };
  }
  if (kind === 1n && typeof value === "bigint" && value >= 1n && value <= MAX_UPRN) {
    return { kind: "uprn", uprn: value };
  }
  if (kind === 4n && typeof value === "string" && isAreaCode(value)) {
    return { kind: "area", code: value };
  }
  return undefined;
};

const decodeGrid = (value: Cbor, precisionMetres: bigint): Place | undefined =>
  typeof value === "string" && isGridReference(value) && precisionMetres > 0n
    ? { kind: "grid", reference: value, precisionMetres }
    : undefined;

const isGridReference = (text: string): boolean => {
  if (text.length < 4 || text.length > 12 || text.length % 2 !== 0) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const fits = at < 2 ? code >= 0x41 && code <= 0x5a : code >= 0x30 && code <= 0x39;
    if (!fits) return false;
  }
  return true;
};

const within = (value: Cbor | undefined, most: bigint): value is bigint =>
  typeof value === "bigint" && value >= -most && value <= most;

const decodeCoordinates = (value: Cbor, precisionMetres: bigint): Place | undefined => {
  if (!Array.isArray(value) || value.length !== 2 || precisionMetres === 0n) return undefined;
  const [latitudeE7, longitudeE7] = value as [Cbor, Cbor];
  return within(latitudeE7, MAX_LATITUDE_E7) && within(longitudeE7, MAX_LONGITUDE_E7)
    ? { kind: "coordinates", latitudeE7, longitudeE7, precisionMetres }
    : undefined;
};
