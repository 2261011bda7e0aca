import { concat } from "./bytes.ts";
import { isCount, parseDecimal } from "./decimal.ts";
import type { LogTree } from "./tree.ts";

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
export const MAX_TILE_LEVEL = 63;
export const MAX_ENTRY_BYTES = 65_535;

/** One tile, or an entry bundle when the level is "entries". A width below 256 is partial. */
export interface Tile {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
}

/** C2SP tlog-tiles: `tile/0/x001/x234/067` or `tile/entries/000.p/3`, without a leading slash. */
export const tilePath = ({ level, index, width }: Tile): string => {
  const levelIsRight = level === "entries" || (isCount(level) && level <= MAX_TILE_LEVEL);
  if (!levelIsRight || !isCount(index)) throw new RangeError("no such tile");
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new RangeError("a tile holds 1 to 256 hashes");
  }
  const suffix = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${suffix}`;
};

const indexPath = (index: number): string => {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return path;
};

/** The tile that a path names; null for every path that `tilePath` would not have written. */
export const parseTilePath = (path: string): Tile | null => {
  const parts = path.split("/");
  if (parts.shift() !== "tile") return null;
  const levelText = parts.shift();
  const level = levelText === "entries" ? levelText : parseDecimal(levelText ?? "");
  if (level === null || (level !== "entries" && level > MAX_TILE_LEVEL)) return null;
  let width: number | null = TILE_WIDTH;
  const marked = parts.at(-2);
  if (marked?.endsWith(".p")) {
    width = parseDecimal(parts.pop() as string);
    parts[parts.length - 1] = marked.slice(0, -2);
    if (width === null || width < 1 || width >= TILE_WIDTH) return null;
  }
  const index = parseIndexPath(parts);
  return index === null ? null : { level, index, width };
};

const parseIndexPath = (elements: readonly string[]): number | null => {
  let digits = "";
  for (const [i, element] of elements.entries()) {
    const isLast = i === elements.length - 1;
    if (!isLast && !element.startsWith("x")) return null;
    const three = isLast ? element : element.slice(1);
    if (three.length !== 3) return null;
    digits += three;
  }
  // "x000/…" would be a second name for a smaller index.
  if (elements.length > 1 && digits.startsWith("000")) return null;
  let unpadded = digits;
  while (unpadded.length > 1 && unpadded.startsWith("0")) unpadded = unpadded.slice(1);
  return parseDecimal(unpadded);
};

/** How many hashes (or entries) of this tile exist in a tree of `size` leaves: 0 to 256. */
export const tileWidth = (level: Tile["level"], index: number, size: number): number => {
  const below = level === "entries" ? 0 : level;
  const hashes = Math.floor(size / TILE_WIDTH ** below);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
};

/** Every tile, bundles apart, of a tree of `size` leaves: by level, then by index. */
export const tilesOf = (size: number): Tile[] => {
  const tiles: Tile[] = [];
  for (let level = 0; tileWidth(level, 0, size) > 0; level++) {
    for (let index = 0; ; index++) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      tiles.push({ level, index, width });
    }
  }
  return tiles;
};

/** The tile's bytes, 32 a hash. Throws RangeError when the tree does not reach so far. */
export const hashTile = (tree: LogTree, level: number, index: number, width: number): Uint8Array =>
  tree.subtreeHashes(level * TILE_HEIGHT, index * TILE_WIDTH, width);

/** Entries, each after its length as two big-endian bytes. 1 to 256 of at most 65,535 bytes. */
export const encodeEntryBundle = (entries: readonly Uint8Array[]): Uint8Array => {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw new RangeError("a bundle holds 1 to 256 entries");
  }
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError("an entry has at most 65,535 bytes");
    parts.push(new Uint8Array([entry.length >> 8, entry.length & 0xff]), entry);
  }
  return concat(...parts);
};

/** The entries of a bundle; null when it is cut short, empty or holds more than 256. */
export const decodeEntryBundle = (bytes: Uint8Array): Uint8Array[] | null => {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const high = bytes[at] as number;
    const low = bytes[at + 1];
    if (low === undefined || entries.length === TILE_WIDTH) return null;
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return null;
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return entries.length === 0 ? null : entries;
};
