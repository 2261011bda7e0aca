import { concat, encodeUtf8 } from "@tallystick/log";
import { decode, encode } from "./cbor.ts";
import type { Shape } from "./shape.ts";
import type { StateReader } from "./state/state-map.ts";

/** State that can be written to as well as read. */
export interface StateWriter extends StateReader {
  put(module: string, key: Uint8Array, value: Uint8Array): void;
  delete(module: string, key: Uint8Array): void;
}

const SEPARATOR = new Uint8Array([0]);

/** A key of several names, each ended by a zero byte, so that none runs into another. */
export const namesKey = (...names: readonly string[]): Uint8Array =>
  concat(...names.flatMap((name) => [encodeUtf8(name), SEPARATOR]));

/** The first key after all those that begin with `prefix`; null when there is none. */
export const afterPrefix = (prefix: Uint8Array): Uint8Array | null => {
  const after = prefix.slice();
  for (let at = after.length - 1; at >= 0; at -= 1) {
    if (after[at] === 0xff) continue;
    after[at] = (after[at] as number) + 1;
    return after.slice(0, at + 1);
  }
  return null;
};

/**
 * A typed map over the byte store: one module name, one shape of value. A stored value that is not
 * of that shape is a broken invariant and throws.
 */
export class Table<T> {
  readonly module: string;
  readonly #shape: Shape<T>;

  constructor(module: string, shape: Shape<T>) {
    this.module = module;
    this.#shape = shape;
  }

  /** The value, or null. */
  get(state: StateReader, key: Uint8Array): T | null {
    const value = state.get(this.module, key);
    return value === undefined ? null : this.#read(value);
  }

  has(state: StateReader, key: Uint8Array): boolean {
    return state.get(this.module, key) !== undefined;
  }

  put(state: StateWriter, key: Uint8Array, value: T): void {
    state.put(this.module, key, encode(this.#shape.encode(value)));
  }

  delete(state: StateWriter, key: Uint8Array): void {
    state.delete(this.module, key);
  }

  /** Keys that begin with `prefix`, in order. */
  *under(state: StateReader, prefix: Uint8Array): Iterable<readonly [key: Uint8Array, value: T]> {
    for (const [key, value] of state.range(this.module, prefix, afterPrefix(prefix))) {
      yield [key, this.#read(value)];
    }
  }

  #read(bytes: Uint8Array): T {
    const decoded = decode(bytes);
    const value = decoded.ok ? this.#shape.decode(decoded.value) : undefined;
    if (value === undefined) throw new Error(`state of ${this.module} cannot be read`);
    return value;
  }
}
