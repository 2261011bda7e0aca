import { decodeTransaction, encodeLeaf } from "@tallystick/ledger";
import { decodeUtf8, formatPolicy } from "@tallystick/log";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nobleHost } from "./hosts/host.ts";
import { judgeReceipt } from "./judge-receipt.ts";
import type { TransactionContent } from "./receipt.ts";
import {
  EXECUTORS,
  leafOf,
  NETWORK_ID,
  POLICY,
  receiptOf,
  signSample,
  stateContent,
  transactionContent,
} from "./testing/sample-log.ts";

const judge = (text: string, policy: typeof POLICY | null = POLICY) =>
  judgeReceipt(nobleHost, text, policy);
const codes = (text: string, policy: typeof POLICY | null = POLICY): string[] =>
  judge(text, policy).faults.map(({ code }) => code);

/** The sample transaction with its last byte, which belongs to its signature, turned. */
const forged = async (): Promise<TransactionContent> => {
  const signed = await signSample();
  const bytes = signed.bytes.slice();
  bytes[bytes.length - 1]! ^= 1;
  return {
    kind: "transaction",
    leaf: encodeLeaf(leafOf({ id: signed.id, bytes })),
    transaction: bytes,
    networkId: NETWORK_ID,
  };
};

describe("judgeReceipt", () => {
  it("counts the log's operator and each other that cosigned", async () => {
    const report = judge(receiptOf(await transactionContent()));
    expect(report).toMatchObject({ verdict: "holds", faults: [], operators: 3, index: 1 });
    expect(report.operatorNames).toEqual(["travel-authority", "auditor"]);
    expect(report.subject).toMatchObject({ kind: "transaction", signatureChecked: true });
  });

  it("says that the signer is not pinned when there is no policy", async () => {
    const report = judge(receiptOf(await transactionContent()), null);
    expect(report).toMatchObject({ verdict: "not-pinned", faults: [], operators: 0 });
  });

  it("finds every flipped byte", async () => {
    const receipt = new TextEncoder().encode(receiptOf(await transactionContent()));
    const flip = fc.record({
      at: fc.nat(receipt.length - 1),
      bits: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(flip, ({ at, bits }) => {
        const changed = receipt.slice();
        changed[at]! ^= bits;
        const text = decodeUtf8(changed);
        expect(text === null ? "unreadable" : judge(text).verdict).not.toBe("holds");
      }),
      { numRuns: 400 },
    );
  });

  it("finds every lost or doubled line", async () => {
    const lines = receiptOf(await transactionContent()).split("\n");
    for (let at = 0; at < lines.length - 1; at++) {
      expect(judge(lines.toSpliced(at, 1).join("\n")).verdict).not.toBe("holds");
    }
  });

  it("refuses a forged signature of the actor", async () => {
    expect(codes(receiptOf(await forged()))).toEqual(["receipt/bad-signature"]);
  });

  it("refuses when one operator of the quorum has not signed", async () => {
    const receipt = receiptOf(await transactionContent(), EXECUTORS.slice(1));
    expect(codes(receipt)).toEqual(["receipt/quorum-not-met"]);
    expect(judge(receipt, { ...POLICY, quorum: "auditor" })).toMatchObject({
      verdict: "holds",
      operators: 2,
    });
  });

  it("names the key whose cosignature is wrong, and nothing that follows from it", async () => {
    const content = await transactionContent();
    const [travel, auditor] = EXECUTORS;
    const impostor = { key: travel!.key, seed: auditor!.seed };
    expect(judge(receiptOf(content, [impostor, auditor!])).faults).toEqual([
      {
        code: "checkpoint/bad-cosignature",
        what: "The checkpoint or a signature on it is wrong (severn-travel/executor).",
      },
    ]);
  });

  it("refuses a log that the policy does not name", async () => {
    const publicKey = EXECUTORS[0]!.key.publicKey;
    const policy = { ...POLICY, logs: POLICY.logs.map((log) => ({ ...log, publicKey })) };
    expect(codes(receiptOf(await transactionContent()), policy)).toEqual([
      "receipt/log-not-pinned",
    ]);
    expect(formatPolicy(nobleHost.sha256, policy)).not.toBe(formatPolicy(nobleHost.sha256, POLICY));
  });

  it("reports everything that is wrong at once", async () => {
    const content = await transactionContent();
    const other = await signSample(false);
    const swapped = receiptOf({ ...content, transaction: other.bytes }, []);
    expect(codes(swapped.replace("index 1\n", "index 2\n"))).toEqual([
      "receipt/not-in-log",
      "receipt/other-transaction",
      "receipt/quorum-not-met",
    ]);
  });

  it("refuses a network id that is not the log's", async () => {
    const content = { ...(await transactionContent()), networkId: new Uint8Array(32) };
    expect(codes(receiptOf(content))).toEqual([
      "receipt/other-network",
      "receipt/other-id",
      "receipt/bad-signature",
    ]);
  });

  it("takes a receipt whose body has been dropped, and says no more than it shows", async () => {
    const content = { ...(await transactionContent()), transaction: null };
    const report = judge(receiptOf(content));
    expect(report.verdict).toBe("holds");
    expect(report.subject).toMatchObject({ transaction: null, signatureChecked: false });
  });

  it("does not claim to have checked a signature whose key it does not have", async () => {
    const signed = await signSample(false);
    const leaf = encodeLeaf(leafOf(signed));
    const content = { kind: "transaction", leaf, transaction: signed.bytes } as const;
    const report = judge(receiptOf({ ...content, networkId: NETWORK_ID }));
    expect(report).toMatchObject({ verdict: "holds", subject: { signatureChecked: false } });
    expect(decodeTransaction(nobleHost, NETWORK_ID, signed.bytes).ok).toBe(true);
  });

  it("proves that the state holds a value, and that it holds none", () => {
    expect(judge(receiptOf(stateContent(true)))).toMatchObject({
      verdict: "holds",
      subject: { kind: "state", module: "agreements", value: Uint8Array.of(1) },
    });
    expect(judge(receiptOf(stateContent(false))).subject).toMatchObject({ value: null });
    const other = { ...stateContent(true), key: Uint8Array.of(9) };
    expect(codes(receiptOf(other))).toEqual(["receipt/bad-state-proof"]);
  });

  it("calls anything else unreadable", () => {
    for (const text of ["", "{}", "c2sp.org/tlog-proof@v1\n", "<html></html>"]) {
      expect(judge(text).verdict).toBe("unreadable");
    }
  });
});
