import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { CannotRunError } from "../io.ts";

/** One node process to be kept running. */
export interface NodeProcess {
  readonly operator: string;
  readonly url: string;
  readonly args: readonly string[];
}

export interface Supervisor {
  /** The process number of each operator's node, as it stands now. */
  pids(): ReadonlyMap<string, number>;
  /** Asks every node to finish what it is doing and waits for all of them. */
  stop(): Promise<void>;
  /** Resolves when a node could not be kept running, with the reason. */
  readonly failed: Promise<string>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
/** Three nodes share one laptop: a small nursery costs a little speed and saves much memory. */
const NODE_FLAGS = ["--max-semi-space-size=1", "--optimize-for-size"];
const RESTART_DELAY_MS = 500;
/** A node that dies this often without ever becoming ready again is not restarted. */
const MAX_RESTARTS = 5;

interface Kept {
  readonly node: NodeProcess;
  child: ChildProcess;
  restarts: number;
}

/**
 * Starts every node and resolves when all are ready. A node that dies is started again and
 * catches up by itself; one that cannot be kept running is reported through `failed`.
 */
export async function supervise(
  nodes: readonly NodeProcess[],
  say: (line: string) => void,
): Promise<Supervisor> {
  const kept = new Map<string, Kept>();
  let stopping = false;
  let fail: (why: string) => void = () => {};
  const failed = new Promise<string>((resolve) => {
    fail = resolve;
  });

  const watch = (entry: Kept): void => {
    entry.child.once("exit", (code, signal) => {
      if (stopping) return;
      entry.restarts += 1;
      const how = signal ?? `exit code ${code}`;
      if (entry.restarts > MAX_RESTARTS) {
        fail(`The node of ${entry.node.operator} keeps stopping (${how}).`);
        return;
      }
      say(`The node of ${entry.node.operator} stopped (${how}); starting it again.`);
      setTimeout(() => restart(entry), RESTART_DELAY_MS);
    });
  };

  const restart = (entry: Kept): void => {
    if (stopping) return;
    entry.child = launch(entry.node);
    watch(entry);
    whenReady(entry).then(
      () => {
        entry.restarts = 0;
        say(`The node of ${entry.node.operator} is back and catching up.`);
      },
      () => {},
    );
  };

  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all([...kept.values()].map((entry) => end(entry.child)));
  };

  for (const node of nodes) kept.set(node.operator, { node, child: launch(node), restarts: 0 });
  try {
    await Promise.all([...kept.values()].map(whenReady));
  } catch (error) {
    await stop();
    throw error;
  }
  for (const entry of kept.values()) watch(entry);
  const pids = () => new Map([...kept].map(([id, entry]) => [id, entry.child.pid ?? 0]));
  return { pids, stop, failed };
}

function launch(node: NodeProcess): ChildProcess {
  const entry = process.argv[1];
  if (entry === undefined) throw new CannotRunError("The program's own file is not known.");
  return spawn(
    process.execPath,
    [...process.execArgv, ...NODE_FLAGS, entry, "node", ...node.args],
    {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: process.env,
    },
  );
}

function whenReady(entry: Kept): Promise<void> {
  const { child, node } = entry;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CannotRunError(`The node of ${node.operator} did not become ready.`)),
      READY_TIMEOUT_MS,
    );
    child.once("message", () => {
      clearTimeout(timer);
      resolve();
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      const why = `The node of ${node.operator} stopped before it was ready (exit code ${code}).`;
      reject(new CannotRunError(why));
    });
  });
}

/** SIGTERM, then SIGKILL to a node that does not finish in time (it loses nothing durable). */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
