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
  const each = <T>(key: string, read: (reader: Reader, entry: NamedNode) => T): readonly T[] =>
    reader.entries(keys.get(key)).map((entry) => read(reader, entry));
  const timers = reader.items(keys.get("timers")).map((item) => readTimer(reader, item));
  const decision = reader.map(keys.node("decision"), {
    required: ["automated"],
    optional: ["human-review"],
  });
  const jurisdictions = each("jurisdictions", (_, { name, at, value }) => ({
    name,
    at,
    letter: reader.text(value),
  }));
  const places = jurisdictions.map((one) => one.name);
  return {
    at: node.at,
    service: reader.name(keys.get("service")),
    version: reader.text(keys.get("version")),
    lgsl: Number(reader.whole(keys.get("lgsl"))),
    jurisdictions,
    law: each("law", readLegalBasis),
    controller: reader.name(keys.get("controller")),
    automated: reader.truth(decision.get("automated")),
    humanReview: reader.optionalName(decision.get("human-review")),
    once: readOnce(reader, keys.get("once")),
    membersSee: each("members-see", readMembersSee),
    roles: each("roles", readRole),
    facts: reader.entries(keys.get("facts"), isFactName).map((entry) => readFact(reader, entry)),
    tables: readTables(reader, keys, files),
    workings: reader
      .entries(keys.get("work-out"), isFactName)
      .map((entry) => readWorking(reader, entry, places)),
    decide: readDecide(reader, keys.node("decide")),
    states: each("states", readState),
    actions: each("actions", readAction),
    timers: timers.filter((timer): timer is Timer => "kind" in timer),
    privateTimers: timers.filter((timer): timer is PrivateTimer => "on" in timer),
    challenge: readChallenge(reader, keys.get("challenge")),
    gives: each("give", readGive),
    disclosures: each("disclose", readDisclosure),
    shows: [
      ...each("postings", readShow("posting")),
      ...each("queues", readShow("queue")),
      ...each("kpis", readShow("kpi")),
    ],
  };
}

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
