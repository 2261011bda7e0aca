import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Applicant,
  madeUpApplicants,
  officialApplicants,
} from "../demonstration/applicants.ts";
import { demonstrationKeys } from "../demonstration/keys.ts";
import { operatorDirectory } from "../demonstration/network.ts";
import { applyForBusPass, type Journey, type Town } from "../demonstration/resident.ts";
import { freePort, type RunningNetwork, runNetwork } from "../demonstration/run-network.ts";
import {
  faultsOf,
  figuresOf,
  type Result,
  type Standing,
  summaryOf,
  type Verified,
} from "../demonstration/summary.ts";
import { checkTableCases } from "../demonstration/table-cases.ts";
import { CannotRunError, type CommandIo, EXIT, UsageError } from "../io.ts";
import { type Progress, progressBar } from "../progress.ts";
import { loadVerifier } from "../verifier.ts";

const HOST = "127.0.0.1";
/** Residents who apply at the same time. */
const AT_ONCE = 8;
const MAX_MADE_UP = 1_000_000;
/** How long the last body may take to acknowledge what it was told. */
const SETTLE_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** `tallystick demo`: exit 0 when everything agrees, 1 with a list of what does not. */
export async function runDemo(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: "string" },
      applicants: { type: "string", default: "0" },
      json: { type: "boolean", default: false },
    },
  });
  const madeUp = readCount(values.applicants);
  const data = values.data ?? mkdtempSync(join(tmpdir(), "tallystick-demo-"));
  try {
    const applicants = [...officialApplicants(), ...madeUpApplicants(madeUp)];
    const result = await run({ data, applicants, json: values.json, io });
    const faults = faultsOf(result);
    if (values.json) io.out(`${JSON.stringify(result.figures)}\n`);
    else io.out(summaryOf(result, values.data ?? null));
    for (const fault of faults) io.err(`${fault}\n`);
    return faults.length === 0 ? EXIT.fine : EXIT.answerIsNo;
  } finally {
    if (values.data === undefined) rmSync(data, { recursive: true, force: true });
  }
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= MAX_MADE_UP) return count;
  throw new UsageError(`--applicants takes a whole number up to ${MAX_MADE_UP}, not "${text}".`);
}

interface Run {
  readonly data: string;
  readonly applicants: readonly Applicant[];
  readonly json: boolean;
  readonly io: CommandIo;
}

async function run({ data, applicants, json, io }: Run): Promise<Result> {
  const started = performance.now();
  const say = (line: string): void => io.err(`${line}\n`);
  const network = await runNetwork({ data, host: HOST, port: await freePort(HOST), say });
  try {
    const town = townOf(network);
    const bar = progressBar("Applications", applicants.length, !json);
    const { journeys, failures } = await applyAll(town, applicants, bar);
    bar.finish();
    const settled = await settle(journeys);
    const verified = await verifyAll(network, journeys);
    const seconds = (performance.now() - started) / 1000;
    const outcome = { settled, failures, verified, table: checkTableCases() };
    return { ...outcome, figures: figuresOf(outcome, await standing(network), seconds) };
  } finally {
    await network.stop();
  }
}

const townOf = ({ nodes, network }: RunningNetwork): Town => ({
  urlOf: (operator) => nodes.find((node) => node.operator === operator)?.url ?? "",
  keys: demonstrationKeys(network.genesis.random),
});

interface Applications {
  readonly journeys: readonly Journey[];
  readonly failures: readonly { readonly applicant: Applicant; readonly why: string }[];
}

/** Everybody applies, a few at a time; one who fails is kept with the reason. */
async function applyAll(
  town: Town,
  applicants: readonly Applicant[],
  bar: Progress,
): Promise<Applications> {
  const journeys: Journey[] = [];
  const failures: { applicant: Applicant; why: string }[] = [];
  const waiting = [...applicants];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        journeys.push(await applyForBusPass(town, next));
      } catch (error) {
        failures.push({ applicant: next, why: error instanceof Error ? error.message : "failed" });
      }
      bar.step();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { journeys, failures };
}

/** Waits until whatever was disclosed is acknowledged, or the time for it is over. */
async function settle(journeys: readonly Journey[]): Promise<readonly Journey[]> {
  const deadline = Date.now() + SETTLE_MS;
  const settled: Journey[] = [];
  for (const journey of journeys) {
    let view = journey.view;
    const isOpen = (): boolean =>
      view.decision?.outcome === "granted" &&
      (view.disclosures.length === 0 || view.disclosures.some((one) => !one.acknowledged));
    while (isOpen() && Date.now() < deadline) {
      view = await journey.look();
      if (isOpen()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    settled.push({ ...journey, view });
  }
  return settled;
}

/** Keeps each receipt as a file and has the standalone verifier judge it by the pinned policy. */
async function verifyAll(
  { directory }: RunningNetwork,
  journeys: readonly Journey[],
): Promise<readonly Verified[]> {
  const verifier = await loadVerifier();
  const folder = join(directory, "receipts");
  mkdirSync(folder, { recursive: true });
  const policy = join(operatorDirectory(directory, "auditor"), "policy.txt");
  return journeys.map((journey) => {
    const id = journey.view.decision?.transaction ?? "none";
    const file = join(folder, `${id}.txt`);
    writeFileSync(file, journey.receipt);
    const said: string[] = [];
    const code = verifier.runVerifyReceipt([file, "--policy", policy, "--json"], {
      out: (text) => said.push(text),
      err: (text) => said.push(text),
      readFile: (path) => readFileSync(path),
    });
    const report = code === EXIT.fine ? (JSON.parse(said.join("")) as { operators: number }) : null;
    return { id, holds: code === EXIT.fine, operators: report?.operators ?? 0 };
  });
}

/** Where the ledger stands at the end, as its orderer tells it. */
async function standing({ nodes }: RunningNetwork): Promise<Standing> {
  const url = nodes[0]?.url ?? "";
  const { entries, blocks, logRoot } = await getJson<Health>(`${url}/healthz`);
  const { header } = await getJson<{ readonly header: { readonly stateRoot: string } }>(
    `${url}/v1/blocks/${blocks}`,
  );
  return { entries, logRoot, stateRoot: header.stateRoot };
}

interface Health {
  readonly entries: number;
  readonly blocks: number;
  readonly logRoot: string;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new CannotRunError("The orderer does not answer.");
  return (await response.json()) as T;
}
