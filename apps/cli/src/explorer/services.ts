import { loadService, type Service } from "@tallystick/definitions";
import { type Definition, getDefinition, getDefinitionBytes } from "@tallystick/ledger";
import { type Hash, toHex } from "@tallystick/log";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";

/** The most definitions kept ready: a network has a few dozen in force. */
const MAX_KEPT = 64;

/** One definition: what the ledger reads of it and, where this release can read them, its rules. */
export interface KnownService {
  readonly definition: Definition;
  readonly rules: Service | null;
}

/** Definitions, decoded once each: a hash never stands for another definition. */
export class Services {
  readonly #node: ExplorerNode;
  readonly #kept: Map<string, KnownService> = new Map();

  constructor(node: ExplorerNode) {
    this.#node = node;
  }

  /** Null when nobody proposed a definition with this hash. */
  get(hash: Hash): KnownService | null {
    const name = toHex(hash);
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const state = stateOf(this.#node);
    const definition = getDefinition(state, hash);
    const bytes = getDefinitionBytes(state, hash);
    if (definition === null || bytes === null) return null;
    const loading = loadService(bytes);
    const known = { definition, rules: loading.ok ? loading.compiled.service : null };
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(name, known);
    return known;
  }
}
