import { nobleHost } from "../hosts/host.ts";
import { judgeReceipt } from "../judge-receipt.ts";
import { reportToJson, sayReport } from "../say-report.ts";
import { runVerifyReceipt } from "../verify-command.ts";

/**
 * The standalone verifier: one file that imports nothing. Under Node it is a command,
 * `node verify.mjs receipt FILE --policy policy.txt`; anywhere else it is a module.
 */
export { judgeReceipt, nobleHost, reportToJson, runVerifyReceipt, sayReport };

const USAGE = `Usage: node verify.mjs receipt FILE [--policy FILE] [--json]

Checks a receipt (text or HTML) with nothing else: no network, no account.
The policy says whose signatures count. Use one that you had before, or that
another body gave you.

Exit codes: 0 it holds, 1 it does not, 2 wrong use or unreadable,
            4 consistent, but no policy was given to judge the signatures by
`;

interface NodeProcess {
  readonly argv: readonly string[];
  exitCode: number | undefined;
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: { readonly write: (text: string) => unknown };
  readonly getBuiltinModule?: (name: "node:fs") => {
    readonly readFileSync: (path: string | number) => Uint8Array;
    readonly realpathSync: (path: string) => string;
  };
}

const run = (node: NodeProcess, argv: readonly string[]): number => {
  const [command, ...rest] = argv;
  if (command === "--help" || command === "-h" || command === "help") {
    node.stdout.write(USAGE);
    return 0;
  }
  if (command !== "receipt") {
    node.stderr.write(USAGE);
    return 2;
  }
  const files = node.getBuiltinModule?.("node:fs");
  return runVerifyReceipt(rest, {
    out: (text) => node.stdout.write(text),
    err: (text) => node.stderr.write(text),
    readFile: (path) => {
      if (files === undefined) throw new Error("this Node cannot read files for a module");
      return files.readFileSync(path === "-" ? 0 : path);
    },
  });
};

/** Whether this very file is the program that Node was asked to run. */
const isProgram = (node: NodeProcess): boolean => {
  const started = node.argv[1];
  const files = node.getBuiltinModule?.("node:fs");
  if (started === undefined || files === undefined) return false;
  const here = decodeURIComponent(new URL(import.meta.url).pathname).replace(/^\/(?=\w:)/, "");
  return files.realpathSync(started).replaceAll("\\", "/") === here;
};

const node = (globalThis as { readonly process?: NodeProcess }).process;
if (node?.argv !== undefined && isProgram(node)) node.exitCode = run(node, node.argv.slice(2));
