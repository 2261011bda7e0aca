import { compare, equal } from "@tallystick/log";
import type { Write } from "../effects.ts";
import type { StateReader } from "../state/state-map.ts";
import type { StateWriter } from "../table.ts";

interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** A byte string as a map key: one UTF-16 unit for each byte. */
const nameOf = (key: Uint8Array): string => String.fromCharCode(...key);

/**
 * Changes that lie over a state without touching it: what a transaction wrote is taken in whole,
 * or the overlay is forgotten.
 */
export class Overlay implements StateWriter {
  readonly #base: StateReader;
  readonly #modules: Map<string, Map<string, Change>> = new Map();

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(module: string, key: Uint8Array): Uint8Array | undefined {
    const change = this.#modules.get(module)?.get(nameOf(key));
    return change === undefined ? this.#base.get(module, key) : (change.value ?? undefined);
  }

  put(module: string, key: Uint8Array, value: Uint8Array): void {
    this.#set(module, { key, value });
  }

  delete(module: string, key: Uint8Array): void {
    this.#set(module, { key, value: null });
  }

  *range(
    module: string,
    from: Uint8Array,
    to: Uint8Array | null,
  ): Iterable<readonly [key: Uint8Array, value: Uint8Array]> {
    const changes = this.#changesBetween(module, from, to);
    let next = 0;
    for (const [key, value] of this.#base.range(module, from, to)) {
      let isReplaced = false;
      for (; next < changes.length; next += 1) {
        const change = changes[next] as Change;
        const order = compare(change.key, key);
        if (order > 0) break;
        if (order === 0) isReplaced = true;
        if (change.value !== null) yield [change.key, change.value];
      }
      if (!isReplaced) yield [key, value];
    }
    for (const change of changes.slice(next)) {
      if (change.value !== null) yield [change.key, change.value];
    }
  }

  /** Every change that makes a difference to the state below. */
  writes(): Write[] {
    const writes: Write[] = [];
    for (const [module, changes] of this.#modules) {
      for (const { key, value } of changes.values()) {
        const before = this.#base.get(module, key) ?? null;
        const isSame = value === null || before === null ? value === before : equal(value, before);
        if (!isSame) writes.push({ module, key, value });
      }
    }
    return writes;
  }

  #set(module: string, change: Change): void {
    let changes = this.#modules.get(module);
    if (changes === undefined) {
      changes = new Map();
      this.#modules.set(module, changes);
    }
    changes.set(nameOf(change.key), change);
  }

  #changesBetween(module: string, from: Uint8Array, to: Uint8Array | null): Change[] {
    const changes = [...(this.#modules.get(module)?.values() ?? [])];
    return changes
      .filter(({ key }) => compare(key, from) >= 0 && (to === null || compare(key, to) < 0))
      .sort((a, b) => compare(a.key, b.key));
  }
}

/** Writes changes into a state. */
export const takeIn = (state: StateWriter, writes: readonly Write[]): void => {
  for (const { module, key, value } of writes) {
    if (value === null) state.delete(module, key);
    else state.put(module, key, value);
  }
};
