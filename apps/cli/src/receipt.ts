import { runVerifyReceipt } from "@tallystick/client";
import { type CommandIo, UsageError } from "./io.ts";

/**
 * `receipt verify FILE [--policy FILE] [--json]`: checks a receipt offline, by the same code as the
 * standalone verifier. Exit codes: 0 it holds, 1 it does not, 2 wrong use or unreadable, 4 it is
 * consistent but no policy was given.
 */
export const runReceipt = async (argv: readonly string[], io: CommandIo): Promise<number> => {
  const [action, ...rest] = argv;
  if (action !== "verify") throw new UsageError("Say what to do with the receipt: verify.");
  return runVerifyReceipt(rest, io);
};
