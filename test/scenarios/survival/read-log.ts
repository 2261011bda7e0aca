import { decodeLeaf } from "@tallystick/ledger";
import { decodeEntryBundle, hashLeaf, LogTree, tilePath, toHex } from "@tallystick/log";
import { nodeSha256 } from "@tallystick/node";

const BUNDLE = 256;

/** What a node says of itself. */
export interface Health {
  readonly entries: number;
  /** Entries under the newest checkpoint that meets the policy. */
  readonly final: number;
  readonly logRoot: string;
  readonly fault: unknown;
}

/** Null while the node does not answer. */
export async function healthOf(url: string): Promise<Health | null> {
  try {
    return (await (await fetch(`${url}/healthz`)).json()) as Health;
  } catch {
    return null;
  }
}

/** A log read leaf by leaf from a node's entry bundles. */
export interface WholeLog {
  readonly root: string;
  /** Where each transaction's leaf stands; more than one place would be a repetition. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/** Reads the first `size` leaves and hashes them again. */
export async function readLog(url: string, size: number): Promise<WholeLog> {
  const tree = new LogTree(nodeSha256);
  const places = new Map<string, number[]>();
  for (let index = 0; index * BUNDLE < size; index++) {
    for (const leaf of await readBundle(url, index, size)) {
      const decoded = decodeLeaf(leaf);
      if (decoded.ok && decoded.leaf.kind === "transaction") {
        const id = toHex(decoded.leaf.id);
        places.set(id, [...(places.get(id) ?? []), tree.size]);
      }
      tree.append(hashLeaf(nodeSha256, leaf));
    }
  }
  return { root: toHex(tree.root()), places };
}

async function readBundle(url: string, index: number, size: number): Promise<Uint8Array[]> {
  const width = Math.min(BUNDLE, size - index * BUNDLE);
  const answer = await fetch(`${url}/${tilePath({ level: "entries", index, width })}`);
  const leaves = decodeEntryBundle(new Uint8Array(await answer.arrayBuffer()));
  if (!answer.ok || leaves === null) throw new Error(`bundle ${index} of ${url} is not readable`);
  return leaves;
}
