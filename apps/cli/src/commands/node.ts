import process from "node:process";
import { parseArgs } from "node:util";
import { type DemonstrationOperator, OPERATORS } from "../demonstration/consortium.ts";
import { readNetwork } from "../demonstration/network.ts";
import { openNode } from "../demonstration/open-node.ts";
import { type CommandIo, EXIT, UsageError } from "../io.ts";
import { readPort } from "./start.ts";

/**
 * `tallystick node`: one operator's node of the demonstration laid out under --data. It says that
 * it is ready to whoever started it, and ends on SIGTERM or when that process is gone.
 */
export async function runNode(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: "string" },
      operator: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8080" },
      peer: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
    },
  });
  if (values.data === undefined) throw new UsageError("Name the network's directory with --data.");
  const ending = endOfWork();
  const running = await openNode({
    network: readNetwork(values.data),
    operator: operatorNamed(values.operator),
    host: values.host,
    port: readPort(values.port),
    peers: readPeers(values.peer),
    ending,
    say: (line) => io.err(`${line}\n`),
  });
  process.send?.({ ready: true, url: running.url });
  if (process.send === undefined) io.out(`${running.url}\n`);
  await aborted(ending);
  await running.close();
  // A channel that somebody listens on would keep this process alive.
  if (process.connected) process.disconnect();
  return EXIT.fine;
}

function operatorNamed(id: string | undefined): DemonstrationOperator {
  const operator = OPERATORS.find((candidate) => candidate.id === id);
  if (operator !== undefined) return operator;
  const known = OPERATORS.map((candidate) => candidate.id).join(", ");
  throw new UsageError(`--operator takes one of ${known}.`);
}

function readPeers(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((peer) => {
      const at = peer.indexOf("=");
      if (at < 1) throw new UsageError(`--peer takes ID=URL, not "${peer}".`);
      return [peer.slice(0, at), peer.slice(at + 1)];
    }),
  );
}

/** Ctrl-C in a terminal reaches every process; a node leaves it to whoever started it. */
function endOfWork(): AbortSignal {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const isSupervised = process.send !== undefined;
  process.on("SIGTERM", end);
  process.on("SIGINT", () => isSupervised || end());
  process.once("disconnect", end);
  return ending.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
