import { toHex } from "@tallystick/log";
import { describe, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { ConnectionError, OutcomeError, ReceiptError, SubmitError } from "./errors.ts";

const ID = new Uint8Array(32).fill(5);
const RECORDED = { id: toHex(ID), outcome: { ok: true }, block: 3, leafIndex: 9 };

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly type: string | null;
}

/** A node that gives the answers in turn and the last one for ever. */
const nodeThat = (...answers: (() => Response)[]) => {
  const asked: Asked[] = [];
  let waited = 0;
  const connection = connect({
    url: "http://node.test",
    fetch: async (input, init) => {
      const type = new Headers(init?.headers).get("content-type");
      asked.push({
        path: input.slice("http://node.test".length),
        method: init?.method ?? "GET",
        type,
      });
      return (answers[asked.length - 1] ?? answers[answers.length - 1]!)();
    },
    wait: async () => {
      waited += 1;
    },
    maxPolls: 5,
  });
  return { connection, asked, waited: () => waited };
};

const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });

describe("connect", () => {
  it("reads the network's id and clock", async () => {
    const body = { networkId: toHex(ID), origin: "demo.tallystick.example/0505", nowMs: 1_000 };
    const { connection, asked } = nodeThat(json(body));
    expect(await connection.network()).toMatchObject({ networkId: ID, nowMs: 1_000n });
    expect(asked).toEqual([{ path: "/v1/network", method: "GET", type: null }]);
  });

  it("submits bytes as COSE and returns the id, or waits for the outcome", async () => {
    const { connection, asked } = nodeThat(json({ id: toHex(ID) }, 202), json(RECORDED));
    expect(await connection.submit(Uint8Array.of(1))).toEqual(ID);
    expect(await connection.submitAndWait(Uint8Array.of(1))).toEqual({ ...RECORDED, id: ID });
    expect(asked).toEqual([
      { path: "/v1/transactions", method: "POST", type: "application/cose" },
      { path: "/v1/transactions?wait=true", method: "POST", type: "application/cose" },
    ]);
  });

  it("throws the node's refusal as a SubmitError with its code and mend", async () => {
    const problem = {
      code: "transaction/expired",
      title: "Expired",
      detail: "The transaction’s last moment has passed.",
      mend: "Build it again.",
    };
    const { connection } = nodeThat(json(problem, 422));
    const error = await connection.submit(Uint8Array.of(1)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SubmitError);
    expect(error).toMatchObject({
      name: "SubmitError",
      code: "transaction/expired",
      message: "The transaction’s last moment has passed. Build it again.",
      problem: { status: 422, mend: "Build it again." },
    });
  });

  it("polls for an outcome and for a receipt, and gives up with an error of that stage", async () => {
    const late = nodeThat(json({}, 404), json({}, 404), json(RECORDED));
    expect(await late.connection.awaitOutcome(ID)).toMatchObject({ block: 3 });
    expect(late.waited()).toBe(2);
    const never = nodeThat(json({}, 404));
    await expect(never.connection.awaitOutcome(ID)).rejects.toThrow(OutcomeError);
    expect(never.waited()).toBe(5);
    const receipt = nodeThat(json({}, 202), () => new Response("receipt"));
    expect(await receipt.connection.awaitReceipt(ID)).toBe("receipt");
    await expect(nodeThat(json({}, 202)).connection.awaitReceipt(ID)).rejects.toThrow(ReceiptError);
    await expect(nodeThat(json({}, 404)).connection.awaitReceipt(ID)).rejects.toThrow(ReceiptError);
  });

  it("reads how a rule refused", async () => {
    const outcome = { ok: false, messageIndex: 1, code: "services/wrong-state" };
    const { connection } = nodeThat(json({ ...RECORDED, outcome }));
    expect((await connection.outcome(ID))?.outcome).toEqual(outcome);
  });

  it("says who does not answer and who makes no sense", async () => {
    const unreachable = connect({
      url: "http://node.test",
      fetch: () => Promise.reject(new TypeError("fetch failed")),
      wait: async () => {},
    });
    await expect(unreachable.policy()).rejects.toThrow(
      expect.objectContaining({ code: "client/unreachable", name: "ConnectionError" }),
    );
    for (const answer of [
      json([]),
      () => new Response("<html>"),
      json({ ...RECORDED, id: "short" }),
      json({ ...RECORDED, outcome: "ok" }),
      json({ ...RECORDED, block: -1 }),
    ]) {
      await expect(nodeThat(answer).connection.outcome(ID)).rejects.toThrow(ConnectionError);
    }
  });
});
