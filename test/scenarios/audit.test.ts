import { once } from "node:events";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { auditOperator, nodeSha256 } from "@tallystick/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dumpTables } from "../../packages/node/src/audit/testing/dump-tables.ts";
import {
  type Consortium,
  killConsortium,
  startConsortium,
  tallystick,
} from "./audit/consortium.ts";

const OPERATORS = ["council-service", "travel-authority", "auditor"];
const SEED = process.env.SEED ?? "audit scenario 1";
const TRIES = 60;
const POLL_MS = 200;

const folder = mkdtempSync(join(tmpdir(), "tallystick-audit-scenario-"));
const data = join(folder, "data");
const stateHome = join(folder, "state");
const copies = join(folder, "copies");
let consortium: Consortium;

beforeAll(async () => {
  consortium = await startConsortium(data, stateHome);
});
afterAll(async () => {
  await killConsortium(consortium);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the audit as a person does. */
async function audit(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = tallystick(["audit", ...args], stateHome);
  const said = { out: "", err: "" };
  child.stdout.on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.on("data", (text: string) => {
    said.err += text;
  });
  const [code] = await once(child, "close");
  return { code: Number(code), ...said };
}

/** Every file under a directory with its bytes and the time of its last change. */
const stateOf = (directory: string): unknown =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const { mtimeNs, mode } = statSync(join(directory, name), { bigint: true });
      const isFile = statSync(join(directory, name)).isFile();
      return [name, mtimeNs, mode, isFile ? readFileSync(join(directory, name), "base64") : ""];
    });

/** Whether three operators stand behind every entry, on each operator's disk. */
async function isFounded(): Promise<boolean> {
  const { out } = await audit("--data", data, "--json");
  const { operators } = JSON.parse(out) as { operators: { operators: number; blocks: number }[] };
  return operators.length === 3 && operators.every((one) => one.operators === 3 && one.blocks > 5);
}

test("an auditor checks a running consortium, by its files and over its API", async () => {
  while (!(await isFounded())) await pause(POLL_MS);
  const { code, out } = await audit("--data", data);
  expect(out.split("\n").filter((line) => line.startsWith("ok "))).toHaveLength(3);
  expect(out).toContain("The operators hold one and the same log.");
  expect(code).toBe(0);
  for (const { operator, url } of consortium.nodes) {
    const policy = join(data, operator, "policy.txt");
    expect(await audit("--url", url, "--policy", policy)).toMatchObject({ code: 0 });
    expect((await audit("--url", url)).code).toBe(4);
  }
});

test("after a kill -9 all is well, and the audit leaves every byte as it was", async () => {
  await killConsortium(consortium);
  const before = stateOf(data);
  expect((await audit("--data", data)).code).toBe(0);
  expect(stateOf(data)).toEqual(before);
});

/** The same numbers at every run of a seed, each below `below`. */
function* numbers(seed: string, below: number): Generator<number> {
  for (let hash = nodeSha256.one(Buffer.from(seed)); ; hash = nodeSha256.one(hash)) {
    yield Buffer.from(hash).readUInt32BE(0) % below;
  }
}

for (const operator of OPERATORS) {
  for (const file of ["ledger.sqlite", "ledger.sqlite-wal", "genesis.cbor", "policy.txt"]) {
    test(`a flipped byte in ${operator}'s ${file} is found, or holds no value`, async () => {
      const directory = join(copies, operator);
      cpSync(join(data, operator), directory, { recursive: true });
      const path = join(directory, file);
      const sound = readFileSync(path);
      const values = dumpTables(directory);
      let found = 0;
      let last = 0;
      for (const at of numbers(`${SEED} ${file}`, sound.length).take(TRIES)) {
        const altered = Buffer.from(sound);
        altered[at] = (altered[at] ?? 0) ^ 0x10;
        writeFileSync(path, altered);
        if (auditOperator(directory).ok) {
          expect(dumpTables(directory), `${SEED}: ${file}, byte ${at}`).toBe(values);
        } else {
          found++;
          last = at;
        }
      }
      expect(found).toBe(file === "ledger.sqlite" ? found : TRIES);
      await expectNamed(directory, path, { sound, at: last, found });
      rmSync(directory, { recursive: true });
    });
  }
}

/** The command says 1 and names something for a byte that was found. */
async function expectNamed(
  directory: string,
  path: string,
  { sound, at, found }: { sound: Buffer; at: number; found: number },
): Promise<void> {
  if (found === 0) return;
  const altered = Buffer.from(sound);
  altered[at] = (altered[at] ?? 0) ^ 0x10;
  writeFileSync(path, altered);
  const { code, out } = await audit("--data", directory, "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out).faults.length).toBeGreaterThan(0);
}
