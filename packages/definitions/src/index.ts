export { factPaths } from "./check/check-names.ts";
export { type Compilation, compileService } from "./compile.ts";
export type { CompiledService, SourceFile, Warning, Wording } from "./compiled.ts";
export { type Adoption, type Adoptions, bodyFor, readAdoptions } from "./decide/adoptions.ts";
export { decide } from "./decide/decide.ts";
export type {
  DecideInput,
  DecidingBody,
  Decision,
  PlainValue,
  TableUsed,
} from "./decide/decision.ts";
export {
  type CommitmentField,
  commitmentFields,
  type FactFault,
  type Facts,
  type ParsedFacts,
  parseFacts,
} from "./decide/facts.ts";
export { EARLIEST_DAY, LATEST_DAY } from "./expression/functions.ts";
export { FAULT_CODES, type Fault, type FaultCode } from "./fault.ts";
export { type Loading, loadService } from "./load.ts";
export type { Position } from "./position.ts";
export type { DecisionTest, Expected, Json, ServiceTest, TableTest } from "./read/read-tests.ts";
export { runServiceTests, type TestResult } from "./run-tests.ts";
export type { DataClass, Disclosure, Fact, Give, Service, Table } from "./service.ts";
export { wordingHash } from "./wording-hash.ts";
