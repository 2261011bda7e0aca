import { judgeReceipt, nobleHost } from "@tallystick/client";
import { policyText } from "@tallystick/ledger";
import {
  COSIGNER_KEY_TYPE,
  cosignatureSigningBytes,
  encodeCosignature,
  formatNote,
  keyHash,
  type NoteSignature,
  type Policy,
  parsePolicy,
} from "@tallystick/log";
import { createHost, nodeSha256 } from "@tallystick/node";
import { finalCheckpointOver, formatReceipt } from "../../packages/node/src/checkpoint/receipt.ts";
import { ed25519Key } from "../support/hosts.ts";
import { type Measurement, perSecond, rounded } from "./figure.ts";
import { filledOrderer } from "./mix.ts";
import { type Orderer, openOrderer } from "./orderer.ts";

const COUNT = 3_000;
const LEAF = 1_000;
const EXECUTORS = ["buses", "auditor"];

/** Receipts of three operators judged by the standalone verifier's code, in plain JavaScript. */
export const receiptVerify: Measurement = {
  names: ["receipt.verify-per-s"],
  measure: async () => {
    const orderer = await filledOrderer(await openOrderer(), COUNT);
    const receipt = receiptOf(orderer);
    const policy = policyOf(orderer);
    await orderer.close();
    orderer.remove();
    const value = perSecond(() => {
      const { verdict, operators } = judgeReceipt(nobleHost, receipt, policy);
      if (verdict !== "holds" || operators !== 3) throw new Error(verdict);
    });
    return [{ name: "receipt.verify-per-s", value: rounded(value, 0), unit: "1/s/core" }];
  },
};

function receiptOf(orderer: Orderer): string {
  const { replica, book, views } = orderer.node.ledger;
  cosign(orderer);
  const [row] = views.transactions(LEAF, 1);
  const entry = finalCheckpointOver(book, LEAF);
  if (row === undefined || entry === null) throw new Error("no receipt");
  const { leafIndex, block } = row;
  const [leaf] = replica.leaves(leafIndex, leafIndex + 1);
  const at = leafIndex - replica.firstIndex(block);
  const transaction = replica.store.block(block)?.transactions[at];
  if (leaf === undefined || transaction === undefined) throw new Error("no leaf");
  return formatReceipt(replica, book, entry, { leafIndex, leaf, transaction });
}

/** What the two followers would send. */
function cosign({ node }: Orderer): void {
  const { book, clock } = node.ledger;
  const entry = book.newest;
  if (entry === null) throw new Error("nothing is signed");
  const seconds = Math.floor(clock.nowMs() / 1000);
  const signatures = EXECUTORS.map((member): NoteSignature => {
    const name = `${member}/executor`;
    const { publicKey, sign } = ed25519Key(name);
    const signature = sign(cosignatureSigningBytes(entry.checkpoint, seconds));
    return {
      name,
      keyHash: keyHash(nodeSha256, { name, type: COSIGNER_KEY_TYPE, publicKey }),
      signature: encodeCosignature(seconds, signature),
    };
  });
  book.accept(formatNote({ text: entry.text, signatures: [entry.logSignature, ...signatures] }));
}

function policyOf({ genesisBytes }: Orderer): Policy {
  const parsed = parsePolicy(nodeSha256, policyText(createHost().sha256, genesisBytes));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.policy;
}
