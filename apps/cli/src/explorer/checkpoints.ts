import { formatReceipt, sayList } from "@tallystick/client";
import { cosignerName } from "@tallystick/ledger";
import { decodeCosignature, toBase64 } from "@tallystick/log";
import type { CheckpointView, ReceiptAnswer } from "@tallystick/portal";
import type { ExplorerNode } from "./explorer-node.ts";
import type { Register } from "./register.ts";
import type { Entry } from "./transactions.ts";

type SignedCheckpoint = NonNullable<ExplorerNode["book"]["newest"]>;

const NOTHING_SIGNED: CheckpointView = {
  size: 0,
  root: "none yet",
  note: "The log’s key has not signed anything yet.",
  cosigners: [],
  quorumMet: false,
};

/** Signed checkpoints and receipts as pages show them. */
export class Checkpoints {
  readonly #node: ExplorerNode;
  readonly #register: Register;
  /** Names of cosigning keys, each with the operator that runs the member. */
  readonly #operators: ReadonlyMap<string, string>;

  constructor(node: ExplorerNode, register: Register) {
    this.#node = node;
    this.#register = register;
    const { members } = node.replica.state.genesis;
    const cosigners = members.filter(({ cosignerKey }) => cosignerKey !== null);
    this.#operators = new Map(cosigners.map((m) => [cosignerName(m.id), m.operatorId]));
  }

  /** Changes whenever a page about signatures would. */
  version(): string {
    const { newest, final } = this.#node.book;
    return [newest, final]
      .map((entry) => `${entry?.checkpoint.size ?? 0}+${entry?.cosignatures.size ?? 0}`)
      .join("/");
  }

  /** The newest that meets the policy; until there is one, the newest that the log signed. */
  current(): CheckpointView {
    const { book } = this.#node;
    const entry = book.final ?? book.newest;
    if (entry === null) return NOTHING_SIGNED;
    const { size, root } = entry.checkpoint;
    return {
      ...{ size, root: toBase64(root), note: book.noteOf(entry) },
      cosigners: this.#cosigners(entry),
      quorumMet: entry === book.final,
    };
  }

  /** The receipt of an entry; `transaction` is null where its bytes are not for everybody. */
  receipt({ leafIndex, leafBytes }: Entry, transaction: Uint8Array | null): ReceiptAnswer {
    const { replica, book } = this.#node;
    const { final } = book;
    if (final === null || final.checkpoint.size <= leafIndex) {
      return { stage: "waiting", why: this.#sayWaiting(leafIndex) };
    }
    const { networkId } = replica;
    const text = formatReceipt({
      content: { kind: "transaction", leaf: leafBytes, transaction, networkId },
      index: leafIndex,
      proof: replica.tree.inclusionProof(leafIndex, final.checkpoint.size),
      checkpoint: book.noteOf(final),
    });
    return { stage: "ready", text, operators: 1 + this.#othersBehind(final).size };
  }

  #cosigners({ cosignatures }: SignedCheckpoint): CheckpointView["cosigners"] {
    const inOrder = [...cosignatures.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return inOrder.flatMap(({ name, signature }) => {
      const operator = this.#operators.get(name);
      const cosignature = decodeCosignature(signature);
      if (operator === undefined || cosignature === null) return [];
      const timeMs = cosignature.timestampSeconds * 1000;
      return [{ name, operator: this.#register.operator(operator), timeMs }];
    });
  }

  /** Operators that cosigned, besides the one that holds the log's key. */
  #othersBehind({ cosignatures }: SignedCheckpoint): ReadonlySet<string> {
    const operators = [...cosignatures.keys()].flatMap((name) => this.#operators.get(name) ?? []);
    const { orderer } = this.#node.replica.state.genesis;
    return new Set(operators.filter((operator) => operator !== orderer));
  }

  #sayWaiting(leafIndex: number): string {
    const covering = this.#node.book.entries.find(({ checkpoint }) => checkpoint.size > leafIndex);
    if (covering === undefined) {
      return "It is recorded, and the log’s key has still to sign it. Come back in a few seconds.";
    }
    const behind = this.#othersBehind(covering);
    const { orderer } = this.#node.replica.state.genesis;
    const missing = [...new Set(this.#operators.values())]
      .filter((operator) => operator !== orderer && !behind.has(operator))
      .map((operator) => this.#register.operator(operator).name);
    const verb = missing.length === 1 ? "has" : "have";
    return (
      `It is recorded, but ${sayList(missing)} ${verb} still to work it out again and sign. ` +
      "Come back in a few seconds."
    );
  }
}
