import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex } from "@tallystick/log";
import { afterAll, expect, test } from "vitest";
import { auditOperator } from "../audit/audit-operator.ts";
import {
  addSite,
  makeNetwork,
  ORDERER,
  removeTemporaryDirectories,
  temporaryDirectory,
} from "../testing/network.ts";
import type { NodeProcessOptions } from "../testing/node-process.ts";

afterAll(removeTemporaryDirectories);

const CHILD = fileURLToPath(new URL("../testing/node-process.ts", import.meta.url));
const ROUNDS = 5;
const CLIENTS = 8;

async function launch(options: NodeProcessOptions): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(CHILD, [JSON.stringify(options)], { execArgv: [] });
  const [message] = (await once(child, "message")) as [{ url: string }];
  return { child, url: message.url };
}

test("kill -9 at any moment loses nothing that was acknowledged", async () => {
  const network = makeNetwork();
  const dataDir = temporaryDirectory();
  const genesisFile = join(temporaryDirectory(), "genesis.cbor");
  writeFileSync(genesisFile, network.genesisBytes);
  const options: NodeProcessOptions = {
    operatorId: ORDERER,
    role: "orderer",
    dataDir,
    stateDirectory: temporaryDirectory(),
    genesisFile,
    random: toHex(network.genesis.random),
    executor: null,
    port: 0,
  };
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { child, url } = await launch(options);
    for (const id of acknowledged) {
      expect((await fetch(`${url}/v1/transactions/${id}`)).status, id).toBe(200);
    }
    const before = acknowledged.length;
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let i = 0; child.exitCode === null && child.signalCode === null; i++) {
        // Block times follow the real clock here.
        const validUntilMs = BigInt(Date.now() + 300_000);
        const bytes = addSite(network, `s${round}-${client}-${i}`, { validUntilMs });
        const answer = await fetch(`${url}/v1/transactions?wait=true`, {
          method: "POST",
          headers: { "Content-Type": "application/cose" },
          body: new Uint8Array(bytes),
        });
        acknowledged.push(((await answer.json()) as { id: string }).id);
        if (acknowledged.length === before + 20 + 7 * round) child.kill("SIGKILL");
      }
    });
    await Promise.allSettled([...clients, once(child, "exit")]);
    expect(acknowledged.length).toBeGreaterThan(before);
    // What a dead process leaves is whole, before anything mends it.
    expect(auditOperator(dataDir).faults).toEqual([]);
  }
});
