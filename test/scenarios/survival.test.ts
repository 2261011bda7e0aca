import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { judgeReceipt } from "@tallystick/client";
import { type Policy, parsePolicy } from "@tallystick/log";
import { createHost, nodeSha256 } from "@tallystick/node";
import { afterEach, expect, test } from "vitest";
import {
  type Demonstration,
  type DemonstrationPlace,
  freePorts,
  interrupt,
  isFree,
  isRunning,
  launch,
  nodePids,
  ORDERER,
  start,
  tryStart,
  until,
  untilGone,
} from "../support/demonstration.ts";
import { type Health, healthOf, readLog } from "./survival/read-log.ts";
import { type Keys, readKeys, signSite, Writers } from "./survival/writers.ts";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`survival: SEED=${seed}\n`);
const random = mulberry32(seed);
const below = (limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T;

const FOLLOWERS = ["travel-authority", "auditor"] as const;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const RECEIPTS_PER_ROUND = 6;
const OPERATORS = 3;
const COULD_NOT_RUN = 3;

// Every process that these tests started, so that none outlives them.
const started = new Set<number>();
const folders: string[] = [];
const writing: Writers[] = [];
afterEach(async () => {
  const stopping = writing.splice(0).map((writers) => writers.stop());
  for (const pid of started) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  await Promise.all([untilGone(started), ...stopping]);
  started.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function newPlace(): Promise<DemonstrationPlace> {
  const folder = mkdtempSync(join(tmpdir(), "tallystick-survival-"));
  folders.push(folder);
  return { data: join(folder, "data"), stateHome: join(folder, "state"), port: await freePorts() };
}

async function run(place: DemonstrationPlace): Promise<Demonstration> {
  const demonstration = await start(place);
  note(demonstration);
  return demonstration;
}

/** Remembers the processes as they are now: a node that was started again is another one. */
function note(demonstration: Demonstration): Map<string, number> {
  const nodes = nodePids(demonstration.supervisor);
  for (const pid of pidsOf(demonstration, nodes)) started.add(pid);
  return nodes;
}

function writersTo({ urls }: Demonstration, place: DemonstrationPlace): Writers {
  const writers = new Writers(urls, readKeys(place.data));
  writing.push(writers);
  return writers;
}

/** Waits for all three nodes, also for one that is being started again. */
const allNodes = (demonstration: Demonstration): Promise<Map<string, number>> =>
  until("three nodes", () => {
    const nodes = note(demonstration);
    return nodes.size === OPERATORS ? nodes : null;
  });

/**
 * Kills by SIGKILL when the moment has come, waits until nothing of it runs, and gives the
 * demonstration that runs after.
 */
type Blow = (
  demonstration: Demonstration,
  place: DemonstrationPlace,
  moment: () => Promise<void>,
) => Promise<Demonstration>;

const killNode =
  (operator: string): Blow =>
  async (demonstration, _, moment) => {
    const pid = (await allNodes(demonstration)).get(operator);
    if (pid === undefined) throw new Error(`${operator} does not run`);
    await moment();
    process.kill(pid, "SIGKILL");
    await untilGone([pid]);
    await allNodes(demonstration);
    return demonstration;
  };

const pidsOf = ({ supervisor: { pid } }: Demonstration, nodes: ReadonlyMap<string, number>) =>
  pid === undefined ? [...nodes.values()] : [pid, ...nodes.values()];

/** Without their supervisor the nodes end by themselves. */
const killSupervisor: Blow = async (demonstration, place, moment) => {
  const nodes = await allNodes(demonstration);
  await moment();
  demonstration.supervisor.kill("SIGKILL");
  await untilGone(pidsOf(demonstration, nodes));
  return run(place);
};

const killAll: Blow = async (demonstration, place, moment) => {
  const pids = pidsOf(demonstration, await allNodes(demonstration));
  await moment();
  for (const pid of pids.sort(() => random() - 0.5)) process.kill(pid, "SIGKILL");
  await untilGone(pids);
  return run(place);
};

const BLOWS: Readonly<Record<string, () => Blow>> = {
  orderer: () => killNode(ORDERER),
  follower: () => killNode(oneOf(FOLLOWERS)),
  supervisor: () => killSupervisor,
  everything: () => killAll,
};

/** Each blow once, in any order, then more of them. */
function plan(): string[] {
  const all = Object.keys(BLOWS);
  const first = all.map((name) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  const more = Array.from({ length: ROUNDS - all.length }, () => oneOf(all));
  return [...first.map(({ name }) => name), ...more];
}

/** All three nodes at rest on the same log, all of it under the policy. */
const untilEqual = (demonstration: Demonstration): Promise<Health> =>
  until("equal roots under the policy", async () => {
    const all = await Promise.all([...demonstration.urls.values()].map(healthOf));
    const [first] = all;
    if (!first || first.final !== first.entries) return null;
    const isEqual = all.every(
      (health) =>
        health?.fault === null &&
        health.logRoot === first.logRoot &&
        health.final === first.entries,
    );
    return isEqual ? first : null;
  });

const policyOf = (place: DemonstrationPlace): Policy => {
  const text = readFileSync(join(place.data, ORDERER, "policy.txt"), "utf8");
  const parsed = parsePolicy(nodeSha256, text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.policy;
};

/** Every node's log holds what was acknowledged, where it was said to stand, and once. */
async function checkLogs(demonstration: Demonstration, writers: Writers): Promise<Health> {
  await writers.rest();
  const health = await untilEqual(demonstration);
  for (const [operator, url] of demonstration.urls) {
    const { root, places } = await readLog(url, health.entries);
    expect(root, operator).toBe(health.logRoot);
    const lost = [...writers.acknowledged].filter(([id, at]) => places.get(id)?.[0] !== at);
    expect(lost, operator).toEqual([]);
    const repeated = [...places].filter(([, at]) => at.length > 1);
    expect(repeated, operator).toEqual([]);
  }
  expect(writers.wrong).toEqual([]);
  return health;
}

async function checkReceipts(demonstration: Demonstration, writers: Writers, policy: Policy) {
  const ids = [...writers.acknowledged.keys()];
  const host = createHost();
  for (let at = 0; at < RECEIPTS_PER_ROUND; at++) {
    const [operator, url] = oneOf([...demonstration.urls]);
    const id = oneOf(ids);
    const answer = await fetch(`${url}/v1/receipts/${id}?wait=20`);
    expect(answer.status, `${operator} ${id}`).toBe(200);
    const report = judgeReceipt(host, await answer.text(), policy);
    const { verdict, operators, faults } = report;
    expect({ verdict, operators, faults }).toEqual({
      ...{ verdict: "holds", operators: OPERATORS, faults: [] },
    });
  }
}

test("kill -9 of any process at any moment loses nothing acknowledged and repeats nothing", async () => {
  const place = await newPlace();
  let demonstration = await run(place);
  const policy = policyOf(place);
  const writers = writersTo(demonstration, place);
  // Half of the blows fall with the very answer that was waited for, half a little later.
  const moment = async (): Promise<void> => {
    await writers.more(oneOf([...demonstration.urls.keys()]), 1 + below(15));
    if (below(2) === 1) await pause(below(10));
  };
  for (const name of plan()) {
    writers.go();
    demonstration = await (BLOWS[name] as () => Blow)()(demonstration, place, moment);
    await writers.flow();
    await checkLogs(demonstration, writers);
    await checkReceipts(demonstration, writers, policy);
  }
  expect(writers.acknowledged.size).toBeGreaterThan(ROUNDS * OPERATORS);
  expect(await interrupt(demonstration)).toBe(0);
});

test("Ctrl-C leaves no process behind, and starting again goes on where it was", async () => {
  const place = await newPlace();
  const before = await run(place);
  const writers = writersTo(before, place);
  writers.go();
  await writers.more(ORDERER, 5);
  const health = await checkLogs(before, writers);
  const pids = pidsOf(before, await allNodes(before));
  expect(await interrupt(before)).toBe(0);
  await untilGone(pids);
  expect(await Promise.all([0, 1, 2].map((at) => isFree(place.port + at)))).toEqual(
    Array(OPERATORS).fill(true),
  );

  const after = await run(place);
  expect(await untilEqual(after)).toMatchObject({
    entries: health.entries,
    logRoot: health.logRoot,
  });
  writers.go();
  await writers.flow();
  await checkLogs(after, writers);
  expect(await interrupt(after)).toBe(0);
});

test("killed while it is being founded, it is founded by the next start", async () => {
  const place = await newPlace();
  const supervisor = launch(place);
  if (supervisor.pid !== undefined) started.add(supervisor.pid);
  await until("the first node", () => nodePids(supervisor).size || null);
  await pause(below(400));
  for (const pid of nodePids(supervisor).values()) started.add(pid);
  supervisor.kill("SIGKILL");
  await untilGone(started);

  const demonstration = await run(place);
  const writers = writersTo(demonstration, place);
  writers.go();
  await writers.flow();
  await checkLogs(demonstration, writers);
  expect(await interrupt(demonstration)).toBe(0);
});

const hand = async (url: string, keys: Keys): Promise<number> => {
  const { bytes } = await signSite(keys, "avonbridge", "annexe");
  const answer = await fetch(`${url}/v1/transactions?wait=true`, {
    method: "POST",
    headers: { "Content-Type": "application/cose" },
    body: new Uint8Array(bytes),
  });
  return answer.status;
};

test("a second --data runs beside the first, and rm -rf begins a new network", async () => {
  const [one, two] = [await newPlace(), await newPlace()];
  const places = [one, { ...two, stateHome: one.stateHome }];
  const both = await Promise.all(places.map(run));
  const keys = places.map(({ data }) => readKeys(data));
  for (const [at, { urls }] of both.entries()) {
    expect(await hand(urls.get(ORDERER) ?? "", keys[at] as Keys)).toBe(200);
  }
  await Promise.all(both.map(interrupt));
  rmSync(one.data, { recursive: true });

  const anew = await run(one);
  const newKeys = readKeys(one.data);
  expect(newKeys.networkId).not.toEqual(keys[0]?.networkId);
  expect(await hand(anew.urls.get(ORDERER) ?? "", newKeys)).toBe(200);
  expect(await interrupt(anew)).toBe(0);
});

test("a port in use is named, and nothing is begun", async () => {
  for (const offset of [0, 1, 2]) {
    const place = await newPlace();
    const taken = place.port + offset;
    const other = createServer().listen(taken, "127.0.0.1");
    const outcome = await tryStart(place);
    other.close();
    expect(outcome).toMatchObject({ ready: false, exitCode: COULD_NOT_RUN });
    const stderr = outcome.ready ? "" : outcome.stderr;
    expect(stderr).toContain(`Port ${taken} on 127.0.0.1 is in use.`);
    expect(stderr).toContain("--port");
    expect(existsSync(place.data)).toBe(false);
  }
});

/** A small generator of numbers in [0, 1), the same for the same seed. */
function mulberry32(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
