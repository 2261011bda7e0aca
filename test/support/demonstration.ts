import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The demonstration's three nodes as a person runs them: the built program, started and killed. */

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "../../apps/cli/bin/tallystick.js");
const HOST = "127.0.0.1";
const NODES = 3;
const POLL_MS = 20;
const PATIENCE_MS = 60_000;

export const ORDERER = "council-service";

export interface DemonstrationPlace {
  readonly data: string;
  /** The first of three ports in a row. */
  readonly port: number;
  /** Stands for XDG_STATE_HOME, where a node notes what it signed last. */
  readonly stateHome: string;
}

/** A started demonstration; `exit` is the supervisor's exit code, null when it was killed. */
export interface Demonstration {
  readonly supervisor: ChildProcess;
  /** The address of each operator's node. */
  readonly urls: ReadonlyMap<string, string>;
  readonly exit: Promise<number | null>;
  readonly stderr: () => string;
  readonly readyMs: number;
}

/** What a start came to. */
export type Started =
  | { readonly ready: true; readonly demonstration: Demonstration }
  | { readonly ready: false; readonly exitCode: number | null; readonly stderr: string };

/** Starts the supervisor and nothing more. */
export function launch({ data, port, stateHome }: DemonstrationPlace): ChildProcess {
  const args = [PROGRAM, "start", "--json", "--host", HOST, "--port", String(port)];
  return spawn(process.execPath, [...args, "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, XDG_STATE_HOME: stateHome },
  });
}

/** Starts the demonstration and waits until it says that it is ready, or ends without. */
export async function tryStart(place: DemonstrationPlace): Promise<Started> {
  const startedMs = performance.now();
  const supervisor = launch(place);
  const said = { out: "", err: "" };
  supervisor.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  const exit = once(supervisor, "exit").then(([code]) => code as number | null);
  const line = new Promise<string>((resolve) => {
    supervisor.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said.out += text;
      if (said.out.includes("\n")) resolve(said.out);
    });
  });
  const first = await Promise.race([line, exit]);
  if (typeof first !== "string") return { ready: false, exitCode: first, stderr: said.err };
  const readyMs = performance.now() - startedMs;
  const { nodes } = JSON.parse(first) as { nodes: { operator: string; url: string }[] };
  const urls = new Map(nodes.map(({ operator, url }) => [operator, url]));
  return {
    ready: true,
    demonstration: { supervisor, urls, exit, stderr: () => said.err, readyMs },
  };
}

/** Starts the demonstration; throws with what it said when it does not become ready. */
export async function start(place: DemonstrationPlace): Promise<Demonstration> {
  const started = await tryStart(place);
  if (started.ready) return started.demonstration;
  throw new Error(`start ended with ${started.exitCode}: ${started.stderr}`);
}

/** Ctrl-C, and the wait until the supervisor has ended; its exit code. */
export async function interrupt({ supervisor, exit }: Demonstration): Promise<number | null> {
  supervisor.kill("SIGINT");
  return await exit;
}

/** The process of each operator's node at this moment, by /proc. */
export function nodePids({ pid }: ChildProcess): Map<string, number> {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean);
  return new Map(
    children.flatMap((child) => {
      const words = read(`/proc/${child}/cmdline`).split("\0");
      const operator = words[words.indexOf("--operator") + 1];
      return operator === undefined || !words.includes("node") ? [] : [[operator, Number(child)]];
    }),
  );
}

/** Whether the process does anything still: one that has ended but was not collected does not. */
export const isRunning = (pid: number): boolean => {
  const [, state = "X"] = /\) (\S)/.exec(read(`/proc/${pid}/stat`)) ?? [];
  return state !== "Z" && state !== "X";
};

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** Asks again and again until the answer is not null; throws, naming what was awaited. */
export async function until<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(POLL_MS);
  }
}

/** Waits until none of these processes runs. */
export const untilGone = (pids: Iterable<number>): Promise<true> => {
  const all = [...pids];
  return until("processes to end", () => (all.some(isRunning) ? null : true));
};

/** The first of three free ports in a row. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const ports = Array.from({ length: NODES }, (_, at) => first + at);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
}

/** Whether nobody listens on the port. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
