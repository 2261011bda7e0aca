import { toHex } from "@tallystick/log";
import { expect, test } from "vitest";
import {
  receiptOf,
  signSample,
  transactionContent,
} from "../../../packages/client/src/testing/sample-log.ts";
import { CannotRunError, type CommandIo, UsageError } from "./io.ts";
import { runTransaction } from "./transaction.ts";

const quiet = () => {
  const said: string[] = [];
  const io: CommandIo = {
    out: (text) => void said.push(text),
    err: (text) => void said.push(text),
    readFile: () => new Uint8Array(),
  };
  return { io, said };
};

const { id: hash } = await signSample();
const id = toHex(hash);
const receipt = receiptOf(await transactionContent());

/** A node that knows one transaction. */
const node = async (url: string): Promise<Response> => {
  const path = url.slice("http://node.test".length);
  if (path === `/v1/receipts/${id}`) return new Response(receipt);
  if (path !== `/v1/transactions/${id}`) return new Response("{}", { status: 404 });
  return Response.json({ id, outcome: { ok: true }, block: 1, leafIndex: 1 });
};

const show = (...argv: string[]) => {
  const { io, said } = quiet();
  const code = runTransaction(["show", ...argv, "--url", "http://node.test/"], io, node);
  return { code, said };
};

test("tx show says what a transaction did and where it stands", async () => {
  const { code, said } = show(id);
  expect(await code).toBe(0);
  expect(said.join("")).toContain("accepted the agreement hotlist");
  expect(said.join("")).toContain("It stands in block 1, after 1 other entry of the log.");
});

test("tx show --json is one line", async () => {
  const { code, said } = show(id, "--json");
  expect(await code).toBe(0);
  expect(said).toHaveLength(1);
  expect(JSON.parse(said[0]!)).toMatchObject({ id, outcome: "ok", block: 1, leafIndex: 1 });
});

test("tx show answers 1 for a transaction that is not there", async () => {
  expect(await show("0".repeat(64)).code).toBe(1);
});

test("tx show tells wrong use from a node that does not answer", async () => {
  await expect(show("12").code).rejects.toThrow(UsageError);
  await expect(show(id, "--what").code).rejects.toThrow(UsageError);
  const nobody = () => Promise.reject(new TypeError("fetch failed"));
  await expect(runTransaction(["show", id], quiet().io, nobody)).rejects.toThrow(CannotRunError);
});
