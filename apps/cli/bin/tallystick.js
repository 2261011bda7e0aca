#!/usr/bin/env node
// Runs on whatever Node there is, finds the one that Tallystick is made for, builds what is out of
// date and starts the program. Plain JavaScript on purpose: npm links it before anything is built.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const MAJOR = "24";
const COULD_NOT_RUN = 3;
const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The Node that the lock file pins for this machine, or null where there is none. */
function findNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = platform === "win" ? "node.exe" : "node";
  try {
    const require = createRequire(import.meta.url);
    const found = require.resolve(`node-${platform}-${process.arch}/package.json`);
    const path = join(dirname(found), "bin", name);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Starts the program again under the right Node and ends as it ends. */
function runUnder(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  // A terminal sends Ctrl-C to both; everything else reaches this process alone and is passed on.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => explain(`${node} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = signal === null ? (code ?? COULD_NOT_RUN) : COULD_NOT_RUN;
  });
}

function explain(why) {
  process.stderr.write(
    `Tallystick runs on Node ${MAJOR}; this is Node ${process.versions.node}. ${why}\n` +
      `Install Node ${MAJOR} from https://nodejs.org and run the same command with it.\n`,
  );
  process.exitCode = COULD_NOT_RUN;
}

/** Builds when sources are here and newer than what was built; otherwise what was built is used. */
function buildIfStale() {
  const script = join(root, "scripts/build.ts");
  const program = join(root, "dist/tallystick.js");
  // A node of a network that is starting: whoever started it has looked already.
  if (process.connected) return existsSync(program);
  const isCheckout = existsSync(script) && existsSync(join(root, "node_modules/esbuild"));
  if (!isCheckout) return existsSync(program);
  const built = spawnSync(process.execPath, [script, "--if-stale"], { stdio: "inherit" });
  return built.status === 0 && existsSync(program);
}

async function run() {
  if (!buildIfStale()) {
    process.stderr.write("Tallystick is not built here. Run npm ci, then npm run build.\n");
    process.exitCode = COULD_NOT_RUN;
    return;
  }
  const { main } = await import(pathToFileURL(join(root, "dist/tallystick.js")).href);
  process.exitCode = await main(process.argv.slice(2));
}

if (process.versions.node.split(".")[0] === MAJOR) {
  await run();
} else {
  const node = findNode();
  if (node === null) explain("No package holds it for this machine.");
  else runUnder(node);
}
