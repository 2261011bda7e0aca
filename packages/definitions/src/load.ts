import { checkClasses } from "./check/check-classes.ts";
import { checkLaw } from "./check/check-law.ts";
import { checkNames } from "./check/check-names.ts";
import { checkProcess } from "./check/check-process.ts";
import { placeOf, prepare } from "./check/prepare.ts";
import { proveTable } from "./check/prove-table.ts";
import { decodeService, encodeService } from "./codec/definition.ts";
import type { CompiledService } from "./compiled.ts";
import { celEngine } from "./expression/cel.ts";
import type { Programs } from "./expression/programs.ts";
import { type Fault, Faults } from "./fault.ts";
import { COMPILED } from "./position.ts";
import type { Service } from "./service.ts";

export type Loading =
  | { readonly ok: true; readonly compiled: CompiledService }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * A definition from its canonical bytes, with every check but those of words and tests: bytes that
 * a stranger published are trusted no more than YAML. Faults carry no line.
 */
export function loadService(bytes: Uint8Array): Loading {
  const faults = new Faults();
  const service = decodeService(bytes);
  if (service === null) {
    const what = "these bytes are not a compiled definition in its canonical form";
    const mend = "compile the service again";
    faults.add(COMPILED, "definition/not-canonical", what, mend);
    return { ok: false, faults: faults.list() };
  }
  const programs = checkService(service, faults);
  if (!faults.none) return { ok: false, faults: faults.list() };
  return { ok: true, compiled: { bytes, service, programs } };
}

/**
 * Every check of the rules themselves, in order; the programs are usable when no fault was added.
 */
export function checkService(service: Service, faults: Faults): Programs {
  checkNames(service, faults);
  checkProcess(service, faults);
  checkLaw(service, faults);
  const prepared = prepare(service, celEngine, faults);
  for (const table of service.tables) {
    proveTable(table, prepared.programs.get(placeOf.table(table.name))?.program ?? null, faults);
  }
  checkClasses(service, prepared, faults);
  return prepared.programs;
}

/** The canonical bytes of a checked service. */
export const bytesOf = (service: Service): Uint8Array => encodeService(service);
