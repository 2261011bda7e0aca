import { decodeUtf8, type Policy, parsePolicy } from "@tallystick/log";
import { nobleHost } from "./hosts/host.ts";
import { judgeReceipt, type ReceiptVerdict } from "./judge-receipt.ts";
import { reportToJson, sayReport } from "./say-report.ts";

/** What the command may touch; `readFile` throws when there is no such file. */
export interface VerifyIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readFile: (path: string) => Uint8Array;
}

/** Exit codes, the same in the standalone verifier and in `tallystick receipt verify`. */
export const VERIFY_EXIT: Readonly<Record<ReceiptVerdict, number>> = {
  holds: 0,
  fails: 1,
  unreadable: 2,
  "not-pinned": 4,
};
const WRONG_USE = 2;

interface VerifyArguments {
  readonly file: string;
  readonly policyFile: string | null;
  readonly json: boolean;
}

/**
 * `FILE [--policy FILE] [--json]`: judges a receipt file and says what it found. Returns the exit
 * code: 0 it holds, 1 it does not, 2 wrong use or unreadable, 4 consistent but signer not pinned.
 */
export const runVerifyReceipt = (argv: readonly string[], io: VerifyIo): number => {
  const given = parseArguments(argv);
  if (given === null) {
    io.err("Give one receipt file, and with --policy the policy to judge it by.\n");
    return WRONG_USE;
  }
  const file = readText(io, given.file);
  const policy = given.policyFile === null ? null : readPolicy(io, given.policyFile);
  if (file === null || policy === undefined) return WRONG_USE;
  const report = judgeReceipt(nobleHost, file, policy);
  io.out(
    given.json
      ? `${JSON.stringify(reportToJson(report))}\n`
      : sayReport(report)
          .map((line) => `${line}\n`)
          .join(""),
  );
  return VERIFY_EXIT[report.verdict];
};

const parseArguments = (argv: readonly string[]): VerifyArguments | null => {
  const files: string[] = [];
  let policyFile: string | null = null;
  let json = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    const inline = word.startsWith("--policy=") ? word.slice("--policy=".length) : null;
    if (word === "--json") json = true;
    else if (word === "--policy" || inline !== null) {
      const value = inline ?? argv[++at];
      if (value === undefined || value === "" || policyFile !== null) return null;
      policyFile = value;
    } else if (word.startsWith("-") && word !== "-") return null;
    else files.push(word);
  }
  const [file, ...more] = files;
  return file === undefined || more.length > 0 ? null : { file, policyFile, json };
};

const readText = (io: VerifyIo, path: string): string | null => {
  try {
    const text = decodeUtf8(io.readFile(path));
    if (text === null) io.err(`${path} is not text.\n`);
    return text;
  } catch {
    io.err(`${path} cannot be read.\n`);
    return null;
  }
};

/** Undefined when there is no usable policy in the file. */
const readPolicy = (io: VerifyIo, path: string): Policy | undefined => {
  const text = readText(io, path);
  if (text === null) return undefined;
  const parsed = parsePolicy(nobleHost.sha256, text);
  if (parsed.ok) return parsed.policy;
  io.err(`${path}, line ${parsed.line}: ${parsed.why}.\n`);
  return undefined;
};
