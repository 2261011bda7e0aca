import process from "node:process";
import { parseArgs } from "node:util";
import { type RunningNetwork, runNetwork } from "../demonstration/run-network.ts";
import { type CommandIo, EXIT, UsageError } from "../io.ts";

const DEFAULT_PORT = "8080";
const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_DATA = "data";
const LAST_PORT = 65_535;

/** `tallystick start`: runs the demonstration until Ctrl-C. */
export async function runStart(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: "string", default: DEFAULT_PORT },
      host: { type: "string", default: DEFAULT_HOST },
      data: { type: "string", default: DEFAULT_DATA },
      json: { type: "boolean", default: false },
    },
  });
  const port = readPort(values.port);
  const interrupted = interruption();
  const say = (line: string): void => io.err(`${line}\n`);
  const network = await runNetwork({ data: values.data, host: values.host, port, say });
  try {
    if (values.json) io.out(`${JSON.stringify(describe(network))}\n`);
    else io.out(welcome(network, values.data));
    const failure = await Promise.race([interrupted, network.failed]);
    if (failure === null) return EXIT.fine;
    io.err(`${failure}\n`);
    return EXIT.couldNotRun;
  } finally {
    if (!values.json) io.err("Stopping …\n");
    await network.stop();
  }
}

/** A port that leaves room for every operator's. Throws UsageError. */
export function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > LAST_PORT - 2) {
    throw new UsageError(`--port takes a whole number from 1 to ${LAST_PORT - 2}, not "${text}".`);
  }
  return port;
}

/** Resolves to null on Ctrl-C, or when whoever started this process ends it. */
const interruption = (): Promise<null> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve(null));
    }
  });

const describe = ({ nodes, directory, pids }: RunningNetwork) => ({
  directory,
  nodes: nodes.map(({ operator, url }) => ({ operator, url, pid: pids().get(operator) ?? null })),
});

function welcome({ nodes, names }: RunningNetwork, data: string): string {
  const lines = nodes.map(({ operator, url }) => {
    const { title, does } = names(operator);
    return `  ${title.padEnd(24)} ${url}   ${does}`;
  });
  const where = data === DEFAULT_DATA ? "" : ` --data ${data}`;
  return [
    "Tallystick is running: a demonstration consortium of three operators, each with its own",
    `process and its own half of the record under ${data}.`,
    "",
    ...lines,
    "",
    `  Explorer: ${(nodes[0]?.url ?? "").replace("//127.0.0.1:", "//localhost:")}`,
    "",
    "Try, in another terminal:",
    "  npx tallystick demo                     every official applicant, end to end",
    `  npx tallystick audit${where.padEnd(19)} re-execute everything and check every signature`,
    "  npx tallystick service test services/bus-pass",
    "",
    "Ctrl-C stops all of it; starting again goes on where it was.",
    "",
  ].join("\n");
}
