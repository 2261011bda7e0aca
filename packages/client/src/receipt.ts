import { type Cbor, decode, encode } from "@tallystick/ledger";
import { formatTlogProof, type Hash, parseTlogProof, type TlogProof } from "@tallystick/log";

/**
 * What a receipt shows besides the proof, in the `extra` line (spec/verifier.md):
 * of a transaction [leaf, transaction bytes or null, network id], of a state entry
 * [header leaf, module, key, state proof].
 */
export type ReceiptContent = TransactionContent | StateContent;

export interface TransactionContent {
  readonly kind: "transaction";
  readonly leaf: Uint8Array;
  /** Null once the body has been dropped: the leaf still proves that it stood there. */
  readonly transaction: Uint8Array | null;
  /** Lets the signer's own signature be checked. It proves itself: the id in the leaf needs it. */
  readonly networkId: Hash | null;
}

export interface StateContent {
  readonly kind: "state";
  readonly leaf: Uint8Array;
  readonly module: string;
  readonly key: Uint8Array;
  readonly stateProof: Uint8Array;
}

/** A receipt taken apart; nothing in it is believed yet. */
export interface Receipt extends TlogProof {
  /** Null when the extra line is not one of ours. */
  readonly content: ReceiptContent | null;
}

/** The receipt's text. Nodes write receipts with this and verifiers read them with the next. */
export const formatReceipt = (
  receipt: Omit<TlogProof, "extra"> & { readonly content: ReceiptContent },
): string =>
  formatTlogProof({
    extra: encodeContent(receipt.content),
    index: receipt.index,
    proof: receipt.proof,
    checkpoint: receipt.checkpoint,
  });

/** Reads a receipt from its text; null when the text is not a tlog-proof. */
export const parseReceipt = (text: string): Receipt | null => {
  const proof = parseTlogProof(text);
  if (proof === null) return null;
  return { ...proof, content: proof.extra === null ? null : decodeContent(proof.extra) };
};

/**
 * Puts the transaction's bytes into a receipt that a node gave without them, because it shows them
 * only to those who take part: whoever made the transaction has them. Null when the text is not the
 * receipt of a transaction.
 */
export const completeReceipt = (text: string, transaction: Uint8Array): string | null => {
  const receipt = parseReceipt(text);
  if (receipt?.content?.kind !== "transaction") return null;
  return formatReceipt({ ...receipt, content: { ...receipt.content, transaction } });
};

const encodeContent = (content: ReceiptContent): Uint8Array =>
  content.kind === "transaction"
    ? encode(
        content.networkId === null
          ? [content.leaf, content.transaction]
          : [content.leaf, content.transaction, content.networkId],
      )
    : encode([content.leaf, content.module, content.key, content.stateProof]);

const isBytes = (value: Cbor | undefined): value is Uint8Array => value instanceof Uint8Array;

const decodeContent = (extra: Uint8Array): ReceiptContent | null => {
  const decoded = decode(extra);
  if (!decoded.ok || !Array.isArray(decoded.value)) return null;
  const items: readonly Cbor[] = decoded.value;
  const [leaf, second, third, fourth] = items;
  if (!isBytes(leaf)) return null;
  if (typeof second === "string") {
    if (items.length !== 4 || !isBytes(third) || !isBytes(fourth)) return null;
    return { kind: "state", leaf, module: second, key: third, stateProof: fourth };
  }
  if (second !== null && !isBytes(second)) return null;
  if (items.length === 2) {
    return { kind: "transaction", leaf, transaction: second, networkId: null };
  }
  const isNetwork = items.length === 3 && isBytes(third) && third.length === 32;
  return isNetwork ? { kind: "transaction", leaf, transaction: second, networkId: third } : null;
};

const OPENING = '<pre id="tallystick-receipt">';
const CLOSING = "</pre>";
const ENTITIES: readonly (readonly [string, string])[] = [
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&amp;", "&"],
];

/**
 * The receipt's text out of a file: the file itself, or the one element of an HTML receipt that
 * holds it. Null when an HTML file holds none or several, so that nobody is shown one receipt and
 * judged by another.
 */
export const extractReceiptText = (file: string): string | null => {
  if (!/^\s*<(!doctype|html)/i.test(file)) return file;
  const parts = file.split(OPENING);
  const end = parts[1]?.indexOf(CLOSING) ?? -1;
  if (parts.length !== 2 || end < 0) return null;
  const inside = (parts[1] as string).slice(0, end);
  return ENTITIES.reduce((text, [entity, character]) => text.replaceAll(entity, character), inside);
};
