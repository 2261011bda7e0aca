import { expect, test } from "vitest";
import {
  POLICY_TEXT,
  receiptOf,
  transactionContent,
} from "../../../packages/client/src/testing/sample-log.ts";
import { type CommandIo, UsageError } from "./io.ts";
import { runReceipt } from "./receipt.ts";

const ioWith = (files: Readonly<Record<string, string>>) => {
  const said: string[] = [];
  const io: CommandIo = {
    out: (text) => void said.push(text),
    err: (text) => void said.push(text),
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return new TextEncoder().encode(text);
    },
  };
  return { io, said };
};

test("receipt verify answers by exit code, pinned and unpinned", async () => {
  const receipt = receiptOf(await transactionContent());
  const { io, said } = ioWith({ receipt, policy: POLICY_TEXT, scrap: "nothing" });
  expect(await runReceipt(["verify", "receipt", "--policy", "policy"], io)).toBe(0);
  expect(said.join("")).toContain("3 independent operators stand behind it");
  expect(await runReceipt(["verify", "receipt"], io)).toBe(4);
  expect(await runReceipt(["verify", "scrap", "--policy", "policy"], io)).toBe(2);
  expect(await runReceipt(["verify", "absent"], io)).toBe(2);
  expect(await runReceipt(["verify"], io)).toBe(2);
});

test("receipt alone is wrong use", async () => {
  await expect(runReceipt([], ioWith({}).io)).rejects.toThrow(UsageError);
});
