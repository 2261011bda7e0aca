import { spawnSync } from "node:child_process";
import process from "node:process";
import { parseArgs } from "node:util";
import { type CommandIo, EXIT } from "../io.ts";

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** Needed to run at all, or only to run some of the tests. */
  readonly needed: boolean;
  readonly found: string;
  readonly mend: string;
}

const NODE_MAJOR = 24;

/** `tallystick doctor`: 0 when everything needed is there, 3 when something needed is missing. */
export async function runDoctor(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { json: { type: "boolean" } } });
  const findings = [runtime(), await signatures(), ...TOOLS.map(tool)];
  const ok = findings.every((finding) => finding.ok || !finding.needed);
  if (values.json === true) io.out(`${JSON.stringify({ ok, findings })}\n`);
  else io.out(findings.map(sentence).join(""));
  return ok ? EXIT.fine : EXIT.couldNotRun;
}

function runtime(): Finding {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    what: `Node ${NODE_MAJOR}`,
    ok: major === NODE_MAJOR,
    needed: true,
    found: process.versions.node,
    mend: `Run npm ci, which brings Node ${NODE_MAJOR} on Linux and Windows; elsewhere install it.`,
  };
}

async function signatures(): Promise<Finding> {
  const { selfTest, verifySignature } = await import("@tallystick/node");
  const fault = faultOf(() => selfTest(verifySignature));
  return {
    what: "strict Ed25519 verdicts",
    ok: fault === null,
    needed: true,
    found: fault ?? "agree with the published edge cases",
    mend: "This runtime would fork the ledger: run the Node that npm ci brings.",
  };
}

function faultOf(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const TOOLS = [
  { what: "Go (foreign reader of the log, tests only)", command: "go", args: ["version"] },
  {
    what: "Python with cbor2 and cryptography (foreign reader of transactions, tests only)",
    command: "/usr/bin/python3",
    args: ["-c", "import cbor2, cryptography; print('present')"],
  },
] as const;

function tool(wanted: (typeof TOOLS)[number]): Finding {
  const result = spawnSync(wanted.command, [...wanted.args], { encoding: "utf8" });
  const ok = result.status === 0;
  return {
    what: wanted.what,
    ok,
    needed: false,
    found: ok ? result.stdout.trim() : "not found",
    mend: "Only the interop tests need it; they say so when they skip.",
  };
}

const sentence = (finding: Finding): string => {
  const mark = finding.ok ? "ok     " : finding.needed ? "MISSING" : "absent ";
  const mend = finding.ok ? "" : `\n         ${finding.mend}`;
  return `${mark}  ${finding.what}: ${finding.found}${mend}\n`;
};
