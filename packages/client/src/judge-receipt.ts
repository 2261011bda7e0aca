import {
  decodeLeaf,
  decodeStateProof,
  decodeTransaction,
  type HeaderLeaf,
  type Host,
  type Transaction,
  type TransactionLeaf,
  verifyStateProof,
  verifyTransaction,
} from "@tallystick/ledger";
import {
  type Checkpoint,
  equal,
  hashLeaf,
  judgeCheckpoint,
  type Policy,
  parseCheckpoint,
  parseNote,
  toHex,
  verifyInclusion,
} from "@tallystick/log";
import { verifyEd25519 } from "./hosts/ed25519.ts";
import {
  extractReceiptText,
  parseReceipt,
  type Receipt,
  type StateContent,
  type TransactionContent,
} from "./receipt.ts";

/** One thing that is wrong. `code` is stable (spec/verifier.md), `what` is a sentence. */
export interface ReceiptFault {
  readonly code: string;
  readonly what: string;
}

/** What the receipt is about, once taken apart. Trust it only when the verdict is "holds". */
export type ReceiptSubject =
  | {
      readonly kind: "transaction";
      readonly leaf: TransactionLeaf;
      /** Null when the receipt does not carry the bytes, or they are not what the leaf names. */
      readonly transaction: Transaction | null;
      /** Whether the actor's own signature was checked too: the receipt must carry the key. */
      readonly signatureChecked: boolean;
    }
  | {
      readonly kind: "state";
      readonly header: HeaderLeaf;
      readonly module: string;
      readonly key: Uint8Array;
      /** Null: the state proves that nothing stands under this key. */
      readonly value: Uint8Array | null;
    };

export type ReceiptVerdict = "holds" | "fails" | "not-pinned" | "unreadable";

/** Everything that a verifier found. */
export interface ReceiptReport {
  readonly verdict: ReceiptVerdict;
  readonly faults: readonly ReceiptFault[];
  readonly subject: ReceiptSubject | null;
  readonly checkpoint: Checkpoint | null;
  readonly index: number | null;
  /** Independent operators behind it: the log's own and each other whose group is satisfied. */
  readonly operators: number;
  /** The other operators, by their names in the policy. */
  readonly operatorNames: readonly string[];
  readonly cosigners: readonly { readonly name: string; readonly timestampSeconds: number }[];
}

const UNREADABLE: ReceiptReport = {
  verdict: "unreadable",
  faults: [{ code: "receipt/unreadable", what: "The file does not hold a receipt." }],
  subject: null,
  checkpoint: null,
  index: null,
  operators: 0,
  operatorNames: [],
  cosigners: [],
};

/**
 * Judges a receipt, as text or as an HTML receipt, by a policy that the reader had before. Without
 * a policy a receipt that is consistent in itself is "not-pinned": nobody's signature was judged.
 * Reports everything that is wrong, not only the first thing (spec/verifier.md).
 */
export const judgeReceipt = (host: Host, file: string, policy: Policy | null): ReceiptReport => {
  const text = extractReceiptText(file);
  const receipt = text === null ? null : parseReceipt(text);
  const note = receipt === null ? null : parseNote(receipt.checkpoint);
  const checkpoint = note === null ? null : parseCheckpoint(note.text);
  if (receipt === null || note === null || checkpoint === null) return UNREADABLE;
  const inside = judgeContent(host, receipt, checkpoint);
  const signed = policy && judgeCheckpoint(host.sha256, verifyEd25519, note, policy);
  const faults = [...inside.faults, ...(signed === null ? [] : signatureFaults(signed))];
  const holds = signed === null ? "not-pinned" : "holds";
  return {
    verdict: faults.length > 0 ? "fails" : holds,
    faults,
    subject: inside.subject,
    checkpoint,
    index: receipt.index,
    operators: signed?.logSigned ? 1 + signed.operators.length : 0,
    operatorNames: signed?.operators ?? [],
    cosigners: signed?.cosigners ?? [],
  };
};

const fault = (code: string, what: string): ReceiptFault => ({ code, what });

const signatureFaults = (signed: ReturnType<typeof judgeCheckpoint>): ReceiptFault[] => {
  if (signed.faults.length > 0) return signed.faults.map(tellCheckpointFault);
  const faults: ReceiptFault[] = [];
  if (!signed.logSigned) {
    faults.push(fault("receipt/log-not-pinned", "No log of the policy signed the checkpoint."));
  }
  if (!signed.quorumMet) {
    faults.push(
      fault("receipt/quorum-not-met", "Too few of the operators that the policy asks for signed."),
    );
  }
  return faults;
};

const tellCheckpointFault = (text: string): ReceiptFault => {
  const [code = text, ...name] = text.split(" ");
  const whose = name.length === 0 ? "" : ` (${name.join(" ")})`;
  return fault(code, `The checkpoint or a signature on it is wrong${whose}.`);
};

interface Judged {
  readonly subject: ReceiptSubject | null;
  readonly faults: readonly ReceiptFault[];
}

const judgeContent = (host: Host, receipt: Receipt, checkpoint: Checkpoint): Judged => {
  const { content } = receipt;
  if (content === null) {
    const what = "The receipt does not carry the entry that it is about.";
    return { subject: null, faults: [fault("receipt/bad-content", what)] };
  }
  const isIncluded = verifyInclusion(host.sha256, {
    index: receipt.index,
    size: checkpoint.size,
    leafHash: hashLeaf(host.sha256, content.leaf),
    proof: receipt.proof,
    root: checkpoint.root,
  });
  const judged =
    content.kind === "transaction"
      ? judgeTransaction(host, content, checkpoint)
      : judgeState(host, content);
  if (isIncluded) return judged;
  const what = "The entry does not stand in the log where the receipt says.";
  return { ...judged, faults: [fault("receipt/not-in-log", what), ...judged.faults] };
};

const judgeTransaction = (
  host: Host,
  content: TransactionContent,
  checkpoint: Checkpoint,
): Judged => {
  const decoded = decodeLeaf(content.leaf);
  if (!decoded.ok || decoded.leaf.kind !== "transaction") {
    const what = "The entry does not record a transaction.";
    return { subject: null, faults: [fault("receipt/bad-leaf", what)] };
  }
  const { leaf } = decoded;
  const body = judgeBody(host, content, leaf, checkpoint);
  const { transaction, signatureChecked, faults } = body;
  return { subject: { kind: "transaction", leaf, transaction, signatureChecked }, faults };
};

interface JudgedBody {
  readonly transaction: Transaction | null;
  readonly signatureChecked: boolean;
  readonly faults: readonly ReceiptFault[];
}

const UNKNOWN_NETWORK = new Uint8Array(32);

const judgeBody = (
  host: Host,
  content: TransactionContent,
  leaf: TransactionLeaf,
  checkpoint: Checkpoint,
): JudgedBody => {
  const { transaction: bytes, networkId } = content;
  const nothing = { transaction: null, signatureChecked: false };
  if (bytes === null) return { ...nothing, faults: [] };
  if (!equal(host.sha256.one(bytes), leaf.bytesHash)) {
    const what = "The transaction’s bytes are not those that the entry names.";
    return { ...nothing, faults: [fault("receipt/other-transaction", what)] };
  }
  const decoded = decodeTransaction(host, networkId ?? UNKNOWN_NETWORK, bytes);
  if (!decoded.ok) {
    const what = "The transaction’s bytes cannot be read by this verifier.";
    return { ...nothing, faults: [fault("receipt/bad-transaction", `${what} (${decoded.code})`)] };
  }
  const { transaction } = decoded;
  if (networkId === null) return { transaction, signatureChecked: false, faults: [] };
  const faults = judgeSigner(host, transaction, { leaf, networkId, checkpoint });
  const signatureChecked = transaction.key !== null && faults.length === 0;
  return { transaction, signatureChecked, faults };
};

const judgeSigner = (
  host: Host,
  transaction: Transaction,
  given: {
    readonly leaf: TransactionLeaf;
    readonly networkId: Uint8Array;
    readonly checkpoint: Checkpoint;
  },
): ReceiptFault[] => {
  const faults: ReceiptFault[] = [];
  const network = toHex(given.networkId).slice(0, 16);
  if (!given.checkpoint.origin.endsWith(`/${network}`)) {
    faults.push(fault("receipt/other-network", "The receipt names another network than its log."));
  }
  if (!equal(transaction.id, given.leaf.id)) {
    faults.push(fault("receipt/other-id", "The transaction’s id is not the entry’s."));
  }
  if (transaction.key !== null && !verifyTransaction(host, transaction, transaction.key)) {
    faults.push(fault("receipt/bad-signature", "The transaction’s own signature is wrong."));
  }
  return faults;
};

const judgeState = (host: Host, content: StateContent): Judged => {
  const decoded = decodeLeaf(content.leaf);
  if (!decoded.ok || decoded.leaf.kind !== "header") {
    const what = "The entry is not the header of a block, so it names no state.";
    return { subject: null, faults: [fault("receipt/bad-leaf", what)] };
  }
  const header = decoded.leaf;
  const { module, key } = content;
  const read = decodeStateProof(content.stateProof);
  const proved = read.ok
    ? verifyStateProof(host.sha256, header.stateRoot, module, key, read.proof)
    : read;
  if (!proved.ok) {
    const what = `The state proof does not lead to the state that the header names (${proved.code}).`;
    return { subject: null, faults: [fault("receipt/bad-state-proof", what)] };
  }
  return { subject: { kind: "state", header, module, key, value: proved.value }, faults: [] };
};
