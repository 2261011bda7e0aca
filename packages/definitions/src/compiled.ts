import type { Programs } from "./expression/programs.ts";
import type { Fault } from "./fault.ts";
import type { Service } from "./service.ts";

/** A definition that passed every check and is ready to decide. Only `loadService` makes one. */
export interface CompiledService {
  /** The canonical bytes that the ledger holds; their hash is the definition hash. */
  readonly bytes: Uint8Array;
  readonly service: Service;
  /** The parsed expressions of `service`, by place. */
  readonly programs: Programs;
}

/** One file of a service's folder; `path` is relative to it, for instance `tables/rates.yaml`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Words in one language, published beside the definition with a hash of their own. */
export interface Wording {
  readonly language: "en" | "cy";
  /** Shown wherever the words are when nobody has checked the translation; else null. */
  readonly notice: string | null;
  /** [key, text] in key order, for instance ["states.applied", "Waiting for a decision"]. */
  readonly entries: readonly (readonly [string, string])[];
  /** What is published: spec/service-definition.md, "Wording". */
  readonly bytes: Uint8Array;
}

/** Something a reader of the definition should know that does not stop it from compiling. */
export type Warning = Omit<Fault, "code"> & { readonly code: string };
