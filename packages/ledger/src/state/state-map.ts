import { equal, type Hash, type Sha256 } from "@tallystick/log";
import { hashOf, type LeafNode, type Node } from "./node.ts";
import { OrderedIndex } from "./ordered-index.ts";
import { proveKey, type StateProof, stateKeyHash } from "./state-proof.ts";
import { deleteLeaf, findLeaf, putLeaf } from "./tree.ts";

/** What the rules may ask of the state. Arrays that it hands out are not to be written to. */
export interface StateReader {
  get(module: string, key: Uint8Array): Uint8Array | undefined;
  /** Keys and values in the order of the raw keys, from `from` up to but not including `to`. */
  range(
    module: string,
    from: Uint8Array,
    to: Uint8Array | null,
  ): Iterable<readonly [key: Uint8Array, value: Uint8Array]>;
}

/** The state as it stood at one moment, whatever is written afterwards. */
export interface StateSnapshot {
  readonly root: Hash;
  get(module: string, key: Uint8Array): Uint8Array | undefined;
  prove(module: string, key: Uint8Array): StateProof;
}

export const MAX_STATE_KEY_BYTES: number = 512;
export const MAX_STATE_VALUE_BYTES: number = 1_048_576;

/**
 * The ledger's state: module and key → value, under one root that depends on the content alone.
 * A compact sparse Merkle tree beside an index in raw-key order. spec/state-proof.md.
 */
export class StateMap implements StateReader {
  readonly #sha: Sha256;
  readonly #modules: Map<string, OrderedIndex<LeafNode>> = new Map();
  #root: Node = null;
  #version = 0;
  #count = 0;

  constructor(sha: Sha256) {
    this.#sha = sha;
  }

  /** Number of keys. */
  get count(): number {
    return this.#count;
  }

  get(module: string, key: Uint8Array): Uint8Array | undefined {
    return this.#modules.get(module)?.get(key)?.value;
  }

  *range(
    module: string,
    from: Uint8Array,
    to: Uint8Array | null,
  ): Generator<readonly [key: Uint8Array, value: Uint8Array], void, undefined> {
    const index = this.#modules.get(module);
    if (index === undefined) return;
    for (const { key, value } of index.range(from, to)) yield [key, value];
  }

  /** Every key with its value, by module name and then in raw-key order. */
  *entries(): Generator<readonly [module: string, key: Uint8Array, value: Uint8Array]> {
    for (const module of [...this.#modules.keys()].sort()) {
      for (const [key, value] of this.range(module, new Uint8Array(), null)) {
        yield [module, key, value];
      }
    }
  }

  /**
   * Sets the key's value. Both arrays are kept, not copied: nobody may write to them afterwards.
   * A key or value above its limit throws RangeError.
   */
  put(module: string, key: Uint8Array, value: Uint8Array): void {
    if (key.length > MAX_STATE_KEY_BYTES) throw new RangeError("state key is too long");
    if (value.length > MAX_STATE_VALUE_BYTES) throw new RangeError("state value is too long");
    const index = this.#indexOf(module);
    const present = index.get(key);
    if (present !== undefined && equal(present.value, value)) return;
    const leaf: LeafNode = {
      keyHash: present?.keyHash ?? stateKeyHash(this.#sha, module, key),
      key: present?.key ?? key,
      value,
      hash: null,
    };
    index.put(leaf);
    this.#root = putLeaf(this.#root, 0, leaf, this.#version);
    if (present === undefined) this.#count += 1;
  }

  /** Takes the key out; nothing happens when it is not there. */
  delete(module: string, key: Uint8Array): void {
    const index = this.#modules.get(module);
    const present = index?.get(key);
    if (index === undefined || present === undefined || this.#root === null) return;
    index.delete(key);
    this.#root = deleteLeaf(this.#root, 0, present.keyHash, this.#version);
    this.#count -= 1;
  }

  /** The root of what the map holds now; 32 zero bytes when it holds nothing. */
  root(): Hash {
    return hashOf(this.#sha, this.#root);
  }

  /** The state as it stands now, to be read and proved later. Takes no copy. */
  snapshot(): StateSnapshot {
    this.#version += 1;
    return new Snapshot(this.#sha, this.#root);
  }

  #indexOf(module: string): OrderedIndex<LeafNode> {
    const present = this.#modules.get(module);
    if (present !== undefined) return present;
    if (module.length === 0 || module.includes("\0")) throw new RangeError("not a module name");
    const index = new OrderedIndex<LeafNode>();
    this.#modules.set(module, index);
    return index;
  }
}

class Snapshot implements StateSnapshot {
  readonly #sha: Sha256;
  readonly #root: Node;

  constructor(sha: Sha256, root: Node) {
    this.#sha = sha;
    this.#root = root;
  }

  get root(): Hash {
    return hashOf(this.#sha, this.#root);
  }

  get(module: string, key: Uint8Array): Uint8Array | undefined {
    const keyHash = stateKeyHash(this.#sha, module, key);
    const leaf = findLeaf(this.#root, keyHash);
    return leaf !== null && equal(leaf.keyHash, keyHash) ? leaf.value : undefined;
  }

  prove(module: string, key: Uint8Array): StateProof {
    return proveKey(this.#sha, this.#root, stateKeyHash(this.#sha, module, key));
  }
}
