import type { SourceFile } from "../compiled.ts";
import type { Faults } from "../fault.ts";
import type { Challenge, Once, PrivateTimer, Service, Table, Timer } from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import { readYaml } from "../source/read-yaml.ts";
import { type Keys, type NamedNode, Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";
import { readDisclosure, readFact, readGive, readLegalBasis, readMembersSee } from "./read-law.ts";
import { readAction, readRole, readState, readTimer } from "./read-process.ts";
import { readDecide, readShow, readWorking } from "./read-rules.ts";
import { readTable } from "./read-table.ts";

/** The file that holds the rules; tables lie under `tables/`, named by it. */
export const SERVICE_FILE: string = "service.yaml";

const SERVICE_KEYS = {
  required: [
    ...["service", "version", "lgsl", "jurisdictions", "law", "controller", "decision"],
    ...["roles", "facts", "decide", "states", "actions"],
  ],
  optional: [
    ...["members-see", "once", "tables", "work-out", "timers", "challenge", "give", "disclose"],
    ...["postings", "queues", "kpis"],
  ],
};

/** Reads service.yaml and its tables; null when a file cannot be read at all. */
export function readService(files: readonly SourceFile[], faults: Faults): Service | null {
  const node = readSource(files, SERVICE_FILE, faults);
  if (node === null) return null;
  const reader = new Reader(faults);
  const keys = reader.map(node, SERVICE_KEYS);
  return {
    at: node.at,
    service: reader.name(keys.get("service")),
    version: reader.version(keys.get("version")),
    lgsl: Number(reader.whole(keys.get("lgsl"))),
    ...readLaw(reader, keys),
    ...readRules(reader, keys, files),
    ...readProcess(reader, keys),
    ...readTellings(reader, keys),
  };
}

const each = <T>(
  reader: Reader,
  node: SourceNode | undefined,
  read: (reader: Reader, entry: NamedNode) => T,
): readonly T[] => reader.entries(node).map((entry) => read(reader, entry));

/** Who may, by which law, and what every member sees. */
const readLaw = (
  reader: Reader,
  keys: Keys,
): Pick<Service, "jurisdictions" | "law" | "controller" | "membersSee" | "roles"> => ({
  jurisdictions: each(reader, keys.get("jurisdictions"), (_, { name, at, value }) => ({
    name,
    at,
    letter: reader.text(value),
  })),
  law: each(reader, keys.get("law"), readLegalBasis),
  controller: reader.name(keys.get("controller")),
  membersSee: each(reader, keys.get("members-see"), readMembersSee),
  roles: each(reader, keys.get("roles"), readRole),
});

/** What is asked, worked out and decided. */
const readRules = (
  reader: Reader,
  keys: Keys,
  files: readonly SourceFile[],
): Pick<Service, "facts" | "tables" | "workings" | "decide"> => {
  const jurisdictions = reader.entries(keys.get("jurisdictions"), () => true);
  const names = jurisdictions.map((one) => one.name);
  const entries = (key: string): readonly NamedNode[] => reader.entries(keys.get(key), isFactName);
  return {
    facts: entries("facts").map((entry) => readFact(reader, entry)),
    tables: readTables(reader, keys, files),
    workings: entries("work-out").map((entry) => readWorking(reader, entry, names)),
    decide: readDecide(reader, keys.node("decide")),
  };
};

/** The course of a case. */
const readProcess = (
  reader: Reader,
  keys: Keys,
): Pick<
  Service,
  "automated" | "humanReview" | "once" | "states" | "actions" | "timers" | "privateTimers"
> => {
  const optional = ["human-review"];
  const decision = reader.map(keys.node("decision"), { required: ["automated"], optional });
  const timers = reader.items(keys.get("timers")).map((item) => readTimer(reader, item));
  return {
    automated: reader.truth(decision.get("automated")),
    humanReview: reader.optionalName(decision.get("human-review")),
    once: readOnce(reader, keys.get("once")),
    states: each(reader, keys.get("states"), readState),
    actions: each(reader, keys.get("actions"), readAction),
    timers: timers.filter((timer): timer is Timer => "kind" in timer),
    privateTimers: timers.filter((timer): timer is PrivateTimer => "on" in timer),
  };
};

/** What is given, disclosed, counted, and how it can be challenged. */
const readTellings = (
  reader: Reader,
  keys: Keys,
): Pick<Service, "challenge" | "gives" | "disclosures" | "shows"> => ({
  challenge: readChallenge(reader, keys.get("challenge")),
  gives: each(reader, keys.get("give"), readGive),
  disclosures: each(reader, keys.get("disclose"), readDisclosure),
  shows: [
    ...each(reader, keys.get("postings"), readShow("posting")),
    ...each(reader, keys.get("queues"), readShow("queue")),
    ...each(reader, keys.get("kpis"), readShow("kpi")),
  ],
});

/** The nodes of one YAML file of the service, or null with a fault. */
export function readSource(
  files: readonly SourceFile[],
  path: string,
  faults: Faults,
): SourceNode | null {
  const file = files.find((one) => one.path === path);
  if (file !== undefined) return readYaml(file, faults);
  const at = { file: path, line: 1, column: 1 };
  faults.add(at, "definition/file-missing", `${path} is not there`, `add ${path}`);
  return null;
}

const readTables = (reader: Reader, keys: Keys, files: readonly SourceFile[]): readonly Table[] =>
  reader.names(keys.get("tables")).flatMap((name) => {
    const node = readSource(files, `tables/${name}.yaml`, reader.faults);
    return node === null ? [] : [readTable(reader, node, files)];
  });

const readOnce = (reader: Reader, node: SourceNode | undefined): Once | null => {
  if (node === undefined) return null;
  const keys = reader.map(node, { required: ["per", "while"] });
  return {
    at: node.at,
    per: reader.names(keys.get("per")),
    states: reader.names(keys.get("while")),
  };
};

const readChallenge = (reader: Reader, node: SourceNode | undefined): Challenge | null => {
  if (node === undefined) return null;
  const keys = reader.map(node, { required: [], optional: ["first", "then"] });
  return {
    at: node.at,
    first: reader.optionalName(keys.get("first")),
    outside: reader.optionalText(keys.get("then")),
  };
};
