import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startNode } from "@tallystick/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demonstrationKeys } from "../demonstration/keys.ts";
import { addressesFrom, openNetwork, operatorDirectory } from "../demonstration/network.ts";
import { CannotRunError, type CommandIo, UsageError } from "../io.ts";
import { runAudit } from "./audit.ts";

const scratch = mkdtempSync(join(tmpdir(), "tallystick-audit-test-"));
const root = join(scratch, "data");
const operator = operatorDirectory(root, "council-service");

beforeAll(async () => {
  const { genesis, genesisBytes } = openNetwork(root, addressesFrom("127.0.0.1", 9));
  const node = await startNode({
    operatorId: "council-service",
    dataDir: operator,
    stateDirectory: join(scratch, "state"),
    genesisBytes,
    role: "orderer",
    keys: { log: demonstrationKeys(genesis.random).secret("log"), executors: new Map() },
    port: 0,
  });
  await node.close();
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const io: CommandIo = {
    out: (text) => {
      out += text;
    },
    err: () => {},
    readFile: (path) => readFileSync(path),
  };
  return { code: await runAudit(argv, io), out };
}

test("one operator's directory: 0, one line for it, and what was not judged", async () => {
  const { code, out } = await run("--data", operator);
  expect(code).toBe(0);
  expect(out).toMatch(/^ok {5}council-service: 0 blocks, 0 transactions, 1 entries executed again/);
  expect(out).toContain("Beside the record, not judged: node.sqlite");
  const json = await run("--data", operator, "--json");
  expect(json.out.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(json.out)).toMatchObject({ ok: true, faults: [] });
});

test("a network in which operators have no ledger: 1, and each is named", async () => {
  const { code, out } = await run("--data", root);
  expect(code).toBe(1);
  expect(out).toContain("FAULT  travel-authority");
  expect(out).toContain("ledger.sqlite: The file is missing.");
  expect(out).toContain("There are faults.");
});

test("a changed value: 1, with its table, row and column", async () => {
  const copy = mkdtempSync(join(scratch, "copy-"));
  for (const name of ["genesis.cbor", "policy.txt"]) {
    writeFileSync(join(copy, name), readFileSync(join(operator, name)));
  }
  writeFileSync(join(copy, "ledger.sqlite"), readFileSync(join(operator, "ledger.sqlite")));
  const database = new DatabaseSync(join(copy, "ledger.sqlite"));
  database.exec("UPDATE checkpoint SET note = replace(note, 'demo', 'dema')");
  database.close();
  const { code, out } = await run("--data", copy);
  expect(code).toBe(1);
  expect(out).toContain("checkpoint, row 1, note: ");
});

test("wrong use, nothing to read and nobody there are told apart", async () => {
  await expect(run("--data", "a", "--url", "http://localhost")).rejects.toThrow(UsageError);
  await expect(run("--policy", "a")).rejects.toThrow(UsageError);
  await expect(run("--url", "localhost:8080")).rejects.toThrow(UsageError);
  await expect(run("--data", join(root, "nowhere"))).rejects.toThrow(UsageError);
  await expect(run("--url", "http://127.0.0.1:9")).rejects.toThrow(CannotRunError);
});
