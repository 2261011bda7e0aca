import { type Hash, toHex } from "@tallystick/log";
import { type Definition, decodeDefinition } from "../../definition.ts";
import type { StateReader } from "../../state/state-map.ts";
import { getDefinitionBytes } from "./queries.ts";

/** Definitions decoded once: a hash never stands for another definition, so none goes stale. */
export class DefinitionCache {
  readonly #decoded: Map<string, Definition> = new Map();

  /** The definition with this hash, or null when it was never proposed. */
  get(state: StateReader, hash: Hash): Definition | null {
    const bytes = getDefinitionBytes(state, hash);
    if (bytes === null) return null;
    const name = toHex(hash);
    const known = this.#decoded.get(name);
    if (known !== undefined) return known;
    const definition = decodeDefinition(bytes);
    if (definition === null) throw new Error("a stored definition cannot be read");
    this.#decoded.set(name, definition);
    return definition;
  }
}
