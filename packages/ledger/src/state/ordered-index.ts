import { compare } from "@tallystick/log";

/** What stands in the index: anything that knows its own key. */
export interface Keyed {
  readonly key: Uint8Array;
}

const MAX_BLOCK = 256;

/**
 * Entries in the order of their keys, as bytes: a list of blocks of at most 256. A look-up is two
 * binary searches; an insertion moves a block's entries and, when it splits, the list of blocks,
 * which for a million keys is 8,000 long.
 */
export class OrderedIndex<E extends Keyed> {
  #blocks: E[][] = [];
  #changes = 0;
  #count = 0;

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  get(key: Uint8Array): E | undefined {
    const block = this.#blocks[this.#blockFor(key)];
    const found = block?.[seek(block, key)];
    return found !== undefined && compare(found.key, key) === 0 ? found : undefined;
  }

  /** Puts the entry in, in place of the one with its key if there is one. */
  put(entry: E): void {
    const at = this.#blockFor(entry.key);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([entry]);
      this.#counted(1);
      return;
    }
    const place = seek(block, entry.key);
    const present = block[place];
    if (present !== undefined && compare(present.key, entry.key) === 0) {
      block[place] = entry;
      return;
    }
    block.splice(place, 0, entry);
    this.#counted(1);
    if (block.length > MAX_BLOCK) this.#blocks.splice(at + 1, 0, block.splice(MAX_BLOCK / 2));
  }

  delete(key: Uint8Array): void {
    const at = this.#blockFor(key);
    const block = this.#blocks[at];
    if (block === undefined) return;
    const place = seek(block, key);
    const present = block[place];
    if (present === undefined || compare(present.key, key) !== 0) return;
    block.splice(place, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
    this.#counted(-1);
  }

  /**
   * The entries from `from` up to but not including `to` (null: to the end). Writing meanwhile is
   * allowed: what is written ahead of the reader is read, what is written behind is not.
   */
  *range(from: Uint8Array, to: Uint8Array | null): Generator<E, void, undefined> {
    let changes = this.#changes;
    let at = this.#blockFor(from);
    let place = seek(this.#blocks[at] ?? [], from);
    for (;;) {
      const block = this.#blocks[at];
      if (block === undefined) return;
      const entry = block[place];
      if (entry === undefined) {
        at += 1;
        place = 0;
        continue;
      }
      if (to !== null && compare(entry.key, to) >= 0) return;
      yield entry;
      place += 1;
      if (changes === this.#changes) continue;
      changes = this.#changes;
      at = this.#blockFor(entry.key);
      place = seekAfter(this.#blocks[at] ?? [], entry.key);
    }
  }

  #counted(change: 1 | -1): void {
    this.#count += change;
    this.#changes += 1;
  }

  /** The last block that begins at or before the key; the first block for a key before all. */
  #blockFor(key: Uint8Array): number {
    let low = 0;
    let high = this.#blocks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const first = (this.#blocks[middle] as E[])[0] as E;
      if (compare(first.key, key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** The place of the first entry that is not before the key. */
const seek = (block: readonly Keyed[], key: Uint8Array): number => {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare((block[middle] as Keyed).key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The place of the first entry that is after the key. */
const seekAfter = (block: readonly Keyed[], key: Uint8Array): number => {
  const place = seek(block, key);
  const present = block[place];
  return present !== undefined && compare(present.key, key) === 0 ? place + 1 : place;
};
