import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICY_TEXT, receiptOf, stateContent, transactionContent } from "../testing/sample-log.ts";

let folder: string;
let verifier: string;

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const run = (...argv: string[]): { status: number | null; out: string } => {
  const { status, stdout } = spawnSync(process.execPath, [verifier, ...argv], {
    encoding: "utf8",
    cwd: folder,
  });
  return { status, out: stdout };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tallystick-verify-"));
  verifier = join(folder, "verify.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "verify.ts")],
    outfile: verifier,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
  });
  write("policy.txt", POLICY_TEXT);
  write("receipt.tlog-proof", receiptOf(await transactionContent()));
  write("state.tlog-proof", receiptOf(stateContent(false)));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the standalone verifier", () => {
  it("is one file that imports nothing", () => {
    expect(readFileSync(verifier, "utf8")).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
  });

  it("says yes with 0, in words and as one line of JSON", () => {
    const words = run("receipt", "receipt.tlog-proof", "--policy", "policy.txt");
    expect(words.status).toBe(0);
    expect(words.out).toContain("3 independent operators stand behind it");
    const json = run("receipt", "receipt.tlog-proof", "--policy=policy.txt", "--json");
    expect(json.out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(json.out)).toMatchObject({
      verdict: "holds",
      operators: 3,
      outcome: "ok",
      signatureChecked: true,
    });
  });

  it("verifies a state proof the same way", () => {
    const { status, out } = run("receipt", "state.tlog-proof", "--policy", "policy.txt", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ module: "agreements", value: null });
  });

  it("reads an HTML receipt", () => {
    const text = readFileSync(join(folder, "receipt.tlog-proof"), "utf8");
    write("receipt.html", `<!doctype html><pre id="tallystick-receipt">${text}</pre>`);
    expect(run("receipt", "receipt.html", "--policy", "policy.txt").status).toBe(0);
  });

  it("answers 1 when it does not hold, 2 when it cannot read, 4 when nobody is pinned", () => {
    const text = readFileSync(join(folder, "receipt.tlog-proof"), "utf8");
    write("moved.tlog-proof", text.replace("index 1\n", "index 2\n"));
    write("scrap.tlog-proof", "nothing");
    write("bad-policy.txt", "quorum nobody\n");
    expect(run("receipt", "moved.tlog-proof", "--policy", "policy.txt").status).toBe(1);
    expect(run("receipt", "scrap.tlog-proof", "--policy", "policy.txt").status).toBe(2);
    expect(run("receipt", "absent.tlog-proof", "--policy", "policy.txt").status).toBe(2);
    expect(run("receipt", "receipt.tlog-proof", "--policy", "bad-policy.txt").status).toBe(2);
    expect(run("receipt", "receipt.tlog-proof", "--polcy", "policy.txt").status).toBe(2);
    expect(run("receipt").status).toBe(2);
    expect(run().status).toBe(2);
    expect(run("receipt", "receipt.tlog-proof").status).toBe(4);
  });

  it("is a module that does nothing by itself when another program imports it", () => {
    const script = `import(${JSON.stringify(pathToFileURL(verifier).href)}).then((m) => console.log(Object.keys(m).sort().join()))`;
    const out = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(out.trim()).toBe("judgeReceipt,nobleHost,reportToJson,runVerifyReceipt,sayReport");
  });
});
