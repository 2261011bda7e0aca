import { hashLeaf, hashTile, LogTree, parseTilePath } from "@tallystick/log";
import { describe, expect, it } from "vitest";
import { LogError } from "./errors.ts";
import { createLogFollower } from "./follow-log.ts";
import { nobleSha256 } from "./hosts/sha256.ts";
import { ORIGIN, POLICY, signCheckpoint } from "./testing/sample-log.ts";

const sha = nobleSha256;

/** A log of `size` entries; from entry `forkAt` on its entries are others. */
const treeOf = (size: number, forkAt = Number.POSITIVE_INFINITY): LogTree => {
  const tree = new LogTree(sha);
  for (let at = 0; at < size; at++) {
    tree.append(hashLeaf(sha, Uint8Array.of(at >= forkAt ? 1 : 0, at)));
  }
  return tree;
};

const follow = () => {
  let shown: { readonly tree: LogTree; readonly origin: string } = {
    tree: treeOf(5),
    origin: ORIGIN,
  };
  const answer = (path: string): Response => {
    const { tree, origin } = shown;
    if (path === "/checkpoint") {
      return new Response(signCheckpoint({ origin, size: tree.size, root: tree.root() }));
    }
    const tile = parseTilePath(path.slice(1));
    if (tile === null || tile.level === "entries") return new Response(null, { status: 404 });
    return new Response(hashTile(tree, tile.level, tile.index, tile.width).slice());
  };
  const endpoint = {
    url: "http://node.test",
    fetch: async (input: string) => answer(new URL(input).pathname),
  };
  const follower = createLogFollower({ endpoint, sha, policy: POLICY });
  const show = (tree: LogTree, origin = ORIGIN): void => {
    shown = { tree, origin };
  };
  return { follower, show };
};

const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  const error = await attempt.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(LogError);
  return (error as LogError).code;
};

describe("createLogFollower", () => {
  it("goes along with a log that grows or stands still", async () => {
    const { follower, show } = follow();
    expect(follower.last()).toBeNull();
    expect((await follower.advance()).quorumMet).toBe(true);
    expect((await follower.advance()).checkpoint.size).toBe(5);
    show(treeOf(9));
    expect((await follower.advance()).checkpoint.size).toBe(9);
    expect(follower.last()?.size).toBe(9);
  });

  it("refuses a log that shrinks, and keeps what it had", async () => {
    const { follower, show } = follow();
    await follower.advance();
    show(treeOf(4));
    expect(await refusal(follower.advance())).toBe("client/log-shrank");
    expect(follower.last()?.size).toBe(5);
  });

  it("refuses a log that forked, whether it grew or not", async () => {
    const { follower, show } = follow();
    await follower.advance();
    show(treeOf(5, 2));
    expect(await refusal(follower.advance())).toBe("client/log-forked");
    show(treeOf(9, 2));
    expect(await refusal(follower.advance())).toBe("client/log-forked");
    show(treeOf(9, 5));
    expect((await follower.advance()).checkpoint.size).toBe(9);
  });

  it("refuses another log, and one that nobody of the policy signed", async () => {
    const { follower, show } = follow();
    show(treeOf(5), "demo.tallystick.example/0000000000000000");
    expect(await refusal(follower.advance())).toBe("client/log-unsigned");
  });

  it("remembers what it is given from an earlier run", async () => {
    const { follower, show } = follow();
    const last = (await follower.advance()).checkpoint;
    show(treeOf(9));
    const endpoint = {
      url: "http://node.test",
      fetch: async () =>
        new Response(signCheckpoint({ origin: ORIGIN, size: 5, root: treeOf(5, 0).root() })),
    };
    const later = createLogFollower({ endpoint, sha, policy: POLICY, last });
    expect(await refusal(later.advance())).toBe("client/log-forked");
  });
});
