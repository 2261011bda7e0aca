import { join } from "node:path";
import type { Message } from "@tallystick/ledger";
import type { RunningNode } from "@tallystick/node";
import { NodeStore } from "../../packages/node/src/store/node-store.ts";
import { bodyOf, signAs } from "./actor.ts";
import type { Observed } from "./lie.ts";
import { LyingOrderer } from "./lying-orderer.ts";
import { type Consortium, forget, foundConsortium, startOperator, until } from "./network.ts";

/** Runs with a consortium of its own, of which nothing is left afterwards. */
export async function withConsortium<T>(work: (consortium: Consortium) => Promise<T>): Promise<T> {
  const consortium = await foundConsortium();
  try {
    return await work(consortium);
  } finally {
    forget(consortium);
  }
}

let sites = 0;

/** A body's simplest act: it registers a depot. */
export function depot(consortium: Consortium, nowMs: bigint, member = "avonbridge"): Uint8Array {
  sites += 1;
  const place = { kind: "uprn", uprn: 100120796n } as const;
  const siteId = `depot-${sites}`;
  const message: Message = { type: "members/add-site", member, siteId, name: "Depot", place };
  return signAs(consortium, {
    actor: bodyOf(consortium, "avonbridge"),
    messages: [message],
    nowMs,
  });
}

/** Whether the node has executed the log up to this size and cosigned it. */
export function standsBehind({ ledger }: RunningNode, size: number): boolean {
  const { entries } = ledger.book;
  const entry = entries.find(({ checkpoint }) => checkpoint.size === size);
  return entry !== undefined && ledger.cosigners.every((name) => entry.cosignatures.has(name));
}

/** What a follower keeps about why it stopped, read once the node is closed. */
export function keptEvidence(consortium: Consortium, operator: string): readonly string[] {
  const store = new NodeStore(join(consortium.directory, operator, "node.sqlite"));
  try {
    // One without the material that proves it would convince nobody.
    return store.evidence().flatMap(({ code, material }) => (material.length > 2 ? [code] : []));
  } finally {
    store.close();
  }
}

const FOLLOWER = "travel-authority";

/**
 * A follower first follows and cosigns an honest block, then is told a lie by the orderer. It is
 * refused when the follower stops, says why, keeps what proves it, and cosigns no more.
 */
export const followed = (
  tell: (orderer: LyingOrderer, consortium: Consortium) => void,
): Promise<Observed> =>
  withConsortium(async (consortium) => {
    const orderer = await LyingOrderer.start(consortium);
    const follower = await startOperator(consortium, FOLLOWER);
    const { ledger } = follower;
    orderer.append([depot(consortium, orderer.lastTimeMs)]);
    await until("the honest block is cosigned", () => standsBehind(follower, orderer.size));
    tell(orderer, consortium);
    const { size } = orderer;
    await until("the follower stops or cosigns", () => {
      return ledger.fault !== null || standsBehind(follower, size);
    });
    const { fault } = ledger;
    const cosigned = standsBehind(follower, size);
    await follower.close();
    await orderer.stop();
    if (fault === null) {
      return { verdict: "undetectable", evidence: "recorded as done", honest: "ok" };
    }
    const isKept = keptEvidence(consortium, FOLLOWER).includes(fault.code);
    const isStopped = isKept && !cosigned && fault.what.length > 0;
    const verdict = isStopped ? "refused by all" : "undetectable";
    return { verdict, evidence: fault.code, honest: "ok" };
  });
