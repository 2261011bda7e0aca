import { checkTests } from "./check/check-tests.ts";
import { checkWords } from "./check/check-words.ts";
import { encodeService } from "./codec/definition.ts";
import type { CompiledService, SourceFile, Warning, Wording } from "./compiled.ts";
import { type Fault, Faults } from "./fault.ts";
import { checkService, loadService } from "./load.ts";
import type { Placed } from "./position.ts";
import { readService } from "./read/read-service.ts";
import { readTests, type ServiceTest } from "./read/read-tests.ts";
import { readWords, wordingOf } from "./read/read-words.ts";
import type { Service } from "./service.ts";

export type Compilation =
  | {
      readonly ok: true;
      readonly compiled: CompiledService;
      readonly wordings: readonly Wording[];
      readonly tests: readonly ServiceTest[];
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * A service's folder as a checked definition, or everything wrong with it. The steps: read the
 * files; check the rules; check words and tests; write the canonical bytes; read these back, so
 * that what decides here is what decides everywhere.
 */
export function compileService(files: readonly SourceFile[]): Compilation {
  const faults = new Faults();
  const service = readService(files, faults);
  const english = readWords(files, "en", faults);
  const welsh = readWords(files, "cy", faults);
  const tests = readTests(files, faults);
  if (service === null || english === null || welsh === null || !faults.none) {
    return { ok: false, faults: faults.list() };
  }
  checkService(service, faults);
  checkWords(service, english, welsh, faults);
  checkTests(service, tests, faults);
  if (!faults.none) return { ok: false, faults: faults.list() };
  const loading = loadService(encodeService(service));
  if (!loading.ok) return loading;
  const wordings = [english, welsh].map((words) => wordingOf(service.service, words));
  const { compiled } = loading;
  return { ok: true, compiled, wordings, tests, warnings: warningsOf(service) };
}

/** What is declared and published but not yet run by any node. */
const warningsOf = (service: Service): readonly Warning[] => {
  const later: readonly Placed[] = [
    ...service.shows.map((show) => show.expression),
    ...service.actions.flatMap(({ reason, tags }) => [
      ...(reason === null ? [] : [reason]),
      ...tags.map((tag) => tag.expression),
    ]),
  ];
  return later.map(({ at }) => ({
    ...at,
    code: "definition/not-run",
    what: "this is checked and published, and no node runs it yet",
    mend: "keep it for later, or take it out",
  }));
};
