import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/**
 * Runs every kind of test, one project after the other, and closes with one plain count.
 * A tool that a test needs and the machine lacks is named: it skips, or fails under CI=true.
 */
const PROJECTS = ["unit", "subversion", "scenarios", "interop"];

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" }).status === 0;

const counts = { passed: 0, failed: 0, skipped: 0 };
let broken = !run("node", ["scripts/build.ts"]);
if (broken)
  process.stdout.write("The build failed: tests that run the built program cannot pass.\n");

for (const project of PROJECTS) {
  const report = join(tmpdir(), `tallystick-${process.pid}-${project}.json`);
  process.stdout.write(`\n── ${project} ──\n`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const passed = run("vitest", ["run", "--project", project, ...reporters]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8")) as Report;
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests;
  } catch {
    broken = true;
    process.stdout.write(`${project}: the test runner left no report\n`);
  }
  if (!passed) broken = true;
  rmSync(report, { force: true });
}

if (broken && counts.failed === 0) counts.failed = 1;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
process.exitCode = broken || counts.failed > 0 || counts.passed === 0 ? 1 : 0;
