import { parseArgs } from "node:util";
import {
  type Adoptions,
  bodyFor,
  type CompiledService,
  type Decision,
  decide,
  EARLIEST_DAY,
  type FactFault,
  LATEST_DAY,
  parseFacts,
  readAdoptions,
  type SourceFile,
  type Wording,
} from "@tallystick/definitions";
import { dayFromText } from "@tallystick/ledger";
import { type CommandIo, EXIT, UsageError } from "../io.ts";
import { faultLines, readFolder, ruleOf, textOf } from "./folder.ts";
import { sentenceOf } from "./sentence.ts";

/**
 * `service decide DIR --facts FILE --at YYYY-MM-DD [--body GSS] [--json]`: what the rule says of
 * these facts on that day. 0 granted; 1 refused or undecided; 2 facts or day that cannot be used.
 * The body is the authority with that code or area; without it, the one for the facts' area.
 */
export async function runDecide(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      facts: { type: "string" },
      at: { type: "string" },
      body: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const day = dayOf(values.at);
  const asked = areaOf(values.body);
  if (values.facts === undefined) throw new UsageError("Name the facts: --facts FILE.");
  const json = parseJson(textOf(values.facts, io), values.facts);
  const { directory, files, compilation } = readFolder(positionals[0], io);
  if (!compilation.ok) {
    io.err(`${faultLines(directory, compilation.faults)}This definition cannot decide.\n`);
    return EXIT.wrongUse;
  }
  const { compiled, wordings } = compilation;
  const parsed = parseFacts(compiled.service, json);
  if (!parsed.ok) {
    io.err(factLines(values.facts, parsed.faults));
    return EXIT.wrongUse;
  }
  const adoptions = adoptionsOf(directory, files);
  const body = bodyFor(compiled.service, { adoptions, facts: parsed.facts, asked });
  const decision = decide(compiled, { facts: parsed.facts, at: day, body });
  io.out(
    `${values.json === true ? lineOf(compiled, decision) : wordsOf(compiled, wordings, decision)}\n`,
  );
  return decision.outcome === "granted" ? EXIT.fine : EXIT.answerIsNo;
}

const dayOf = (text: string | undefined): number => {
  if (text === undefined) throw new UsageError("Name the day: --at YYYY-MM-DD.");
  const day = dayFromText(text);
  if (day !== null && day >= EARLIEST_DAY && day <= LATEST_DAY) return day;
  throw new UsageError("--at needs a calendar date from 1800 to 2199, like 2026-11-20.");
};

const areaOf = (text: string | undefined): string | null => {
  if (text === undefined || /^[A-Z][0-9]{8}$/.test(text)) return text ?? null;
  throw new UsageError("--body needs an area code of a capital and eight digits, like E06000023.");
};

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is not JSON.`);
  }
};

/** Each fault names the field and what is expected there, and never repeats what was found. */
const factLines = (path: string, faults: readonly FactFault[]): string =>
  faults
    .map((fault) => {
      const field = fault.path === "" ? "the whole" : JSON.stringify(fault.path).slice(0, 80);
      return `${path}: ${field} ${FACT_WORDS[fault.code]}: ${fault.expected} expected\n`;
    })
    .join("");

const FACT_WORDS: Readonly<Record<FactFault["code"], string>> = {
  "facts/not-an-object": "is not an object",
  "facts/unknown-field": "is not a field of this service",
  "facts/wrong-type": "has the wrong type",
  "facts/impossible-date": "is not a possible date",
};

function adoptionsOf(directory: string, files: readonly SourceFile[]): Adoptions {
  const read = readAdoptions(files);
  if (read.ok) return read.adoptions;
  throw new UsageError(faultLines(directory, read.faults).trimEnd());
}

/** One line of JSON; every named working stands beside the outcome, null where it is not known. */
const lineOf = (compiled: CompiledService, decision: Decision): string => {
  const { outcome, reason, workedOut, missing, tables } = decision;
  const lacks = outcome === "undecided" ? { missing } : {};
  const rule = ruleOf(compiled);
  return JSON.stringify({ outcome, reason, ...workedOut, ...lacks, rule, tables });
};

const wordsOf = (
  compiled: CompiledService,
  wordings: readonly Wording[],
  decision: Decision,
): string => {
  const english = wordings.find((wording) => wording.language === "en");
  return sentenceOf(decision, new Map(english?.entries ?? []), ruleOf(compiled));
};
