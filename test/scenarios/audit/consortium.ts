import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const PROGRAM = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../../apps/cli/bin/tallystick.js",
);
const FIRST_PORT = 20_000;
const PORTS = 25_000;
const START_TRIES = 10;
const POLL_MS = 50;

/** The demonstration as a person starts it: one supervisor, a process for each operator. */
export interface Consortium {
  readonly supervisor: ChildProcess;
  readonly nodes: readonly {
    readonly operator: string;
    readonly url: string;
    readonly pid: number;
  }[];
}

/** Runs the program; its output is text. */
export function tallystick(
  args: readonly string[],
  stateHome: string,
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, XDG_STATE_HOME: stateHome };
  const child = spawn(process.execPath, [PROGRAM, ...args], { env });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

/** Starts the consortium on any free ports and waits until it says that it is ready. */
export async function startConsortium(data: string, stateHome: string): Promise<Consortium> {
  let said = "";
  for (let tried = 0; tried < START_TRIES; tried++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const args = ["start", "--json", "--port", String(port), "--data", data];
    const supervisor = tallystick(args, stateHome);
    supervisor.stderr.on("data", (text: string) => {
      said += text;
    });
    const line = await Promise.race([firstLine(supervisor), once(supervisor, "exit")]);
    if (typeof line === "string") return { supervisor, nodes: JSON.parse(line).nodes };
  }
  throw new Error(`the consortium does not start: ${said}`);
}

function firstLine({ stdout }: ChildProcessWithoutNullStreams): Promise<string> {
  let out = "";
  return new Promise((resolve) => {
    stdout.on("data", (text: string) => {
      out += text;
      if (out.includes("\n")) resolve(out);
    });
  });
}

/** Ends every process of the consortium at once, as a power cut would. */
export async function killConsortium({ supervisor, nodes }: Consortium): Promise<void> {
  const pids = [supervisor.pid ?? 0, ...nodes.map(({ pid }) => pid)].filter((pid) => pid > 0);
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  while (pids.some(isRunning)) await pause(POLL_MS);
}

/** Whether the process does anything still: one that has ended but was not collected does not. */
function isRunning(pid: number): boolean {
  try {
    const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
