import { cpSync } from "node:fs";
import { join } from "node:path";
import type { RunningNode } from "@tallystick/node";
import { bend } from "../actor.ts";
import { someHash } from "../bus-pass.ts";
import { depot, followed, keptEvidence, standsBehind, withConsortium } from "../following.ts";
import type { Lie, Observed } from "../lie.ts";
import { allDone } from "../lying-orderer.ts";
import { type Consortium, freePorts, startOperator, until } from "../network.ts";

const ORDERER = "council-service";
const MINUTE_MS = 60_000n;
const WEEK_MS = 604_800_000n;
const teller = "the ordering operator";

/** Hands a depot in and waits until it is durable. */
async function record(consortium: Consortium, orderer: RunningNode): Promise<void> {
  const bytes = depot(consortium, orderer.ledger.replica.lastTimeMs + 1n);
  const handed = await orderer.ledger.handIn(bytes, true);
  const fate = handed.kind === "queued" ? await handed.fate : null;
  if (fate?.recorded !== true || fate.refusal !== null) throw new Error("a depot is refused");
}

/** An orderer that talks to no peer, so that the two faces do not meet by its own doing. */
const deaf = {
  peers: new Map([
    ["travel-authority", "http://127.0.0.1:9"],
    ["auditor", "http://127.0.0.1:9"],
  ]),
};

/** A second face of the log: the orderer's files copied, run elsewhere under the same key. */
async function startSecondFace(consortium: Consortium): Promise<[RunningNode, string]> {
  const directory = join(consortium.directory, "second-face");
  cpSync(join(consortium.directory, ORDERER), directory, { recursive: true });
  const [port = 0] = await freePorts(1);
  const change = { dataDir: directory, stateDirectory: join(directory, "state"), port };
  return [await startOperator(consortium, ORDERER, { ...deaf, ...change }), directory];
}

/**
 * One follower is shown a log and cosigns it, the other is shown a second one. The second compares
 * what it computed with what the first cosigned, stops, and stands behind nothing more of it.
 */
const showTwoLogs = (): Promise<Observed> =>
  withConsortium(async (consortium) => {
    const orderer = await startOperator(consortium, ORDERER, deaf);
    const first = await startOperator(consortium, "travel-authority");
    const second = await startOperator(consortium, "auditor");
    await record(consortium, orderer);
    const { size } = orderer.ledger.replica;
    await until("both followers cosign the one log", () =>
      [first, second].every((node) => standsBehind(node, size)),
    );
    await Promise.all([orderer, second].map((node) => node.close()));
    const faces = await startBothFaces(consortium);
    const [own, other] = faces;
    const misled = await startOperator(consortium, "auditor", {
      peers: new Map([[ORDERER, other.url]]),
    });
    await record(consortium, own);
    await until("the first log is cosigned", () => standsBehind(first, own.ledger.replica.size));
    await record(consortium, other);
    await until("the second follower stops", () => misled.ledger.fault !== null);
    await record(consortium, other);
    const evidence = misled.ledger.fault?.code ?? "";
    const isCosigned = standsBehind(misled, other.ledger.replica.size);
    await Promise.all([...faces, first, misled].map((node) => node.close()));
    const isKept = keptEvidence(consortium, "auditor").includes(evidence);
    return {
      verdict: isKept && !isCosigned ? "refused by all" : "undetectable",
      evidence,
      honest: "ok",
    };
  });

/** The ordering node on its own files, and its second face. */
async function startBothFaces(consortium: Consortium): Promise<[RunningNode, RunningNode]> {
  const [other] = await startSecondFace(consortium);
  return [await startOperator(consortium, ORDERER, deaf), other];
}

/** What comes of starting the ordering node on its present files. */
async function startAgain(consortium: Consortium, dataDir: string): Promise<string> {
  try {
    const node = await startOperator(consortium, ORDERER, { ...deaf, dataDir });
    await record(consortium, node);
    await node.close();
    return "ok";
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code;
    if (typeof code !== "string") throw cause;
    return code;
  }
}

/** The ordering node is started on an older copy, or on a second face, of what it has signed. */
const goBack = (grow: boolean): Promise<Observed> =>
  withConsortium(async (consortium) => {
    const dataDir = join(consortium.directory, ORDERER);
    const orderer = await startOperator(consortium, ORDERER, deaf);
    await record(consortium, orderer);
    await orderer.close();
    const [other, otherDir] = await startSecondFace(consortium);
    if (grow) await record(consortium, other);
    await other.close();
    const before = await startAgain(consortium, dataDir);
    const evidence = await startAgain(consortium, otherDir);
    const after = await startAgain(consortium, dataDir);
    const verdict = evidence === "ok" ? "undetectable" : "refused by all";
    return { verdict, evidence, honest: before === "ok" ? after : before };
  });

/** Lies of the one who orders the transactions and holds the log's key. */
export const orderingLies: readonly Lie[] = [
  {
    lie: "Two followers are shown two different logs, each signed with the log's key",
    teller,
    verdict: "refused by all",
    evidence: "node/forked-log",
    run: showTwoLogs,
  },
  {
    lie: "An older copy of the log is brought back, to write what follows anew",
    teller,
    verdict: "refused by all",
    evidence: "node/smaller-tree",
    run: () => goBack(false),
  },
  {
    lie: "A second log of the same size is to be signed beside the first",
    teller,
    verdict: "refused by all",
    evidence: "node/different-tree",
    run: () => goBack(true),
  },
  {
    lie: "An act that nobody signed is written down",
    teller,
    verdict: "refused by all",
    evidence: "node/other-result",
    run: () =>
      followed((orderer, consortium) =>
        orderer.append([bend(depot(consortium, orderer.lastTimeMs))], { verdicts: [true] }),
      ),
  },
  {
    lie: "The log says done where the rules refused",
    teller,
    verdict: "refused by all",
    evidence: "node/forked-log",
    run: () =>
      followed((orderer, consortium) =>
        orderer.append([depot(consortium, orderer.lastTimeMs, "severnside")], { leaves: allDone }),
      ),
  },
  {
    lie: "A block's header commits to another state than its acts lead to",
    teller,
    verdict: "refused by all",
    evidence: "node/other-result",
    run: () =>
      followed((orderer, consortium) =>
        orderer.append([depot(consortium, orderer.lastTimeMs)], {
          header: (header) => ({ ...header, stateRoot: someHash() }),
        }),
      ),
  },
  {
    lie: "A block is back-dated to before the last one",
    teller,
    verdict: "refused by all",
    evidence: "node/other-result",
    run: () =>
      followed((orderer, consortium) => {
        const timeMs = orderer.lastTimeMs - MINUTE_MS;
        orderer.append([depot(consortium, timeMs)], {
          toldMs: timeMs,
          header: (header) => ({ ...header, timeMs }),
        });
      }),
  },
  {
    lie: "A block is dated a week ahead, so that deadlines run out",
    teller,
    verdict: "undetectable",
    evidence: "recorded as done",
    run: () =>
      followed((orderer, consortium) => {
        const appliedAtMs = orderer.lastTimeMs + WEEK_MS;
        orderer.append([depot(consortium, appliedAtMs)], { appliedAtMs });
      }),
  },
];
