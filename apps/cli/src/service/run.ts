import { type CommandIo, UsageError } from "../io.ts";
import { runCheck } from "./check.ts";
import { runDecide } from "./decide.ts";
import { runTest } from "./test.ts";

const COMMANDS = { check: runCheck, test: runTest, decide: runDecide } as const;

/**
 * `tallystick service check|test|decide DIR …`: work on a service definition with no ledger at all.
 * Resolves to the exit code: 0 fine or granted; 1 a fault, a failing test, refused or undecided;
 * 2 wrong use or unreadable input.
 */
export async function runService(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "check" || name === "test" || name === "decide") return COMMANDS[name](rest, io);
  const given = name === undefined ? "Say what to do" : `There is no "service ${name}"`;
  throw new UsageError(`${given}: service check DIR, service test DIR or service decide DIR.`);
}
