import { type CompiledService, loadService } from "@tallystick/definitions";
import { type Hash, toHex } from "@tallystick/log";
import type { LedgerView } from "./ledger-view.ts";

/** The most definitions kept ready: a network has a few dozen in force. */
const MAX_LOADED = 64;

/** Published definitions, loaded and checked once each. */
export class Definitions {
  readonly #view: LedgerView;
  readonly #loaded: Map<string, CompiledService | null> = new Map();

  constructor(view: LedgerView) {
    this.#view = view;
  }

  /** Null when nothing is published under the hash, or this release cannot evaluate it. */
  get(hash: Hash): CompiledService | null {
    const name = toHex(hash);
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const bytes = this.#view.definition(hash);
    if (bytes === null) return null;
    const loading = loadService(bytes);
    const compiled = loading.ok ? loading.compiled : null;
    if (this.#loaded.size >= MAX_LOADED) this.#loaded.clear();
    this.#loaded.set(name, compiled);
    return compiled;
  }
}
