import { readFileSync } from "node:fs";
import process from "node:process";
import { CannotRunError, type CommandIo, EXIT, UsageError } from "./io.ts";

type Command = (argv: readonly string[], io: CommandIo) => Promise<number>;

interface Entry {
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Loaded when asked for, so that each process keeps only what it runs in memory. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    usage: "start [--port N] [--host H] [--data DIR]",
    summary: "Run the demonstration consortium: three operators, three processes",
    load: async () => (await import("./commands/start.ts")).runStart,
  },
  demo: {
    usage: "demo [--data DIR] [--applicants N] [--json]",
    summary: "The bus pass for every applicant in the official data, end to end",
    load: async () => (await import("./commands/demo.ts")).runDemo,
  },
  audit: {
    usage: "audit [--data DIR | --url URL [--policy FILE]] [--json]",
    summary: "Re-execute everything from genesis and check every hash and signature",
    load: async () => (await import("./commands/audit.ts")).runAudit,
  },
  receipt: {
    usage: "receipt verify FILE [--policy FILE] [--json]",
    summary: "Check a receipt offline against a pinned policy",
    load: async () => (await import("./receipt.ts")).runReceipt,
  },
  tx: {
    usage: "tx show ID [--url URL] [--json]",
    summary: "Show one transaction in a plain sentence",
    load: async () => (await import("./transaction.ts")).runTransaction,
  },
  service: {
    usage: "service check|test|decide DIR …",
    summary: "Check, test or try a service definition, with no ledger at all",
    load: async () => (await import("./service/index.ts")).runService,
  },
  doctor: {
    usage: "doctor [--json]",
    summary: "Say whether this machine can run Tallystick, and what is missing",
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  node: {
    usage: "node --data DIR --operator ID",
    summary: "Run one operator's node of a network laid out under DIR",
    load: async () => (await import("./commands/node.ts")).runNode,
  },
};

/** The whole manual on one screen. */
export function help(): string {
  const width = Math.max(...Object.values(COMMANDS).map((entry) => entry.usage.length));
  const lines = Object.values(COMMANDS).map(
    (entry) => `  tallystick ${entry.usage.padEnd(width)}  ${entry.summary}`,
  );
  return [
    "Tallystick: a shared ledger on which public bodies run joined-up services",
    "",
    ...lines,
    "",
    "Every command takes --json for one line that a program can read.",
    "Exit codes: 0 fine, 1 the answer is no, 2 wrong use or unreadable input,",
    "            3 could not run, 4 consistent but the signer is not pinned",
    "",
  ].join("\n");
}

const streams: CommandIo = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readFile: (path) => readFileSync(path),
};

/**
 * Runs one command line (without the program's own name) and resolves to its exit code.
 * Wrong use gives 2 with a sentence on what is wrong; what cannot run here gives 3.
 */
export async function main(argv: readonly string[], io: CommandIo = streams): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.out(help());
    return name === undefined ? EXIT.wrongUse : EXIT.fine;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    io.err(`tallystick has no command "${name}". Try: ${Object.keys(COMMANDS).join(", ")}.\n`);
    return EXIT.wrongUse;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(`tallystick ${entry.usage}\n\n${entry.summary}.\n`);
    return EXIT.fine;
  }
  return await guarded(entry, rest, io);
}

async function guarded(entry: Entry, argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await (await entry.load())(argv, io);
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.err(`${(error as Error).message}\nUsage: tallystick ${entry.usage}\n`);
      return EXIT.wrongUse;
    }
    if (error instanceof CannotRunError) {
      io.err(`${error.message}\n`);
      return EXIT.couldNotRun;
    }
    throw error;
  }
}

const isParseArgsError = (error: unknown): boolean =>
  error instanceof TypeError &&
  String((error as { code?: unknown }).code ?? "").startsWith("ERR_PARSE_ARGS");
