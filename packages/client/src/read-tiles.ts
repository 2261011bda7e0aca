import { type Hash, hashNode, type Sha256, TILE_WIDTH, tilePath, tileWidth } from "@tallystick/log";
import { ask, type Endpoint, readBytes, refusedAnswer, unexpected } from "./http.ts";

const HASH_BYTES = 32;
const TILE_HEIGHT = 8;

/** Hashes of complete subtrees, 2^level leaves wide, read from a log's tiles, not yet believed. */
export type TileReader = (level: number, index: number) => Promise<Hash>;

interface TileReaderOptions {
  readonly sha: Sha256;
  readonly endpoint: Endpoint;
  /** Of the tree whose tiles are read. */
  readonly size: number;
}

/** Reads each tile once (C2SP tlog-tiles). */
export const createTileReader = (options: TileReaderOptions): TileReader => {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const readTile = (path: string, width: number): Promise<Uint8Array> => {
    const known = tiles.get(path);
    if (known !== undefined) return known;
    const fresh = fetchTile(options.endpoint, path, width);
    tiles.set(path, fresh);
    return fresh;
  };
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const hashes = 2 ** (level % TILE_HEIGHT);
    const first = index * hashes;
    const tileIndex = Math.floor(first / TILE_WIDTH);
    const width = tileWidth(tileLevel, tileIndex, options.size);
    const path = tilePath({ level: tileLevel, index: tileIndex, width });
    const at = (first % TILE_WIDTH) * HASH_BYTES;
    const tile = await readTile(path, width);
    return foldComplete(options.sha, tile.slice(at, at + hashes * HASH_BYTES));
  };
};

const fetchTile = async (endpoint: Endpoint, path: string, width: number): Promise<Uint8Array> => {
  const response = await ask(endpoint, `/${path}`);
  if (!response.ok) throw await refusedAnswer(response);
  const bytes = await readBytes(response);
  if (bytes.length !== width * HASH_BYTES) throw unexpected(`The tile ${path} is cut short.`);
  return bytes;
};

/** The root over 2^k hashes that lie side by side. */
const foldComplete = (sha: Sha256, hashes: Uint8Array): Hash => {
  let level: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    level.push(hashes.slice(at, at + HASH_BYTES));
  }
  while (level.length > 1) {
    level = level.flatMap((left, at) =>
      at % 2 === 0 ? [hashNode(sha, left, level[at + 1]!)] : [],
    );
  }
  return level[0]!;
};

interface Range {
  readonly start: number;
  readonly count: number;
}

/** The largest power of two below `count`, and its logarithm. */
const splitAt = (count: number): number => {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
};

const isPowerOfTwo = (count: number): boolean => count === 1 || splitAt(count) * 2 === count;

const rangeRoot = async (sha: Sha256, reader: TileReader, range: Range): Promise<Hash> => {
  const { start, count } = range;
  if (isPowerOfTwo(count)) return reader(Math.log2(count), start / count);
  const left = splitAt(count);
  return hashNode(
    sha,
    await rangeRoot(sha, reader, { start, count: left }),
    await rangeRoot(sha, reader, { start: start + left, count: count - left }),
  );
};

/**
 * The consistency proof of RFC 9162 §2.1.4.1, put together from tiles. The tiles need not be
 * honest: `verifyConsistency` judges what comes out.
 */
export const proveConsistency = async (options: {
  readonly sha: Sha256;
  readonly reader: TileReader;
  readonly oldSize: number;
  readonly newSize: number;
}): Promise<Hash[]> => {
  const { sha, reader, oldSize, newSize } = options;
  const prove = async (old: number, range: Range, isWholeTree: boolean): Promise<Hash[]> => {
    if (old === range.count) return isWholeTree ? [] : [await rangeRoot(sha, reader, range)];
    const left = splitAt(range.count);
    const leftRange = { start: range.start, count: left };
    const rightRange = { start: range.start + left, count: range.count - left };
    if (old <= left) {
      const path = await prove(old, leftRange, isWholeTree);
      return [...path, await rangeRoot(sha, reader, rightRange)];
    }
    const path = await prove(old - left, rightRange, false);
    return [...path, await rangeRoot(sha, reader, leftRange)];
  };
  return oldSize === 0 || oldSize === newSize
    ? []
    : prove(oldSize, { start: 0, count: newSize }, true);
};
