import { openField, verifyField } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import { beforeEach, expect, test } from "vitest";
import { verifyP256 } from "../hosts/p256.ts";
import { nobleSha256 } from "../hosts/sha256.ts";
import { createWallet, type Wallet } from "./wallet.ts";

const networkId = new Uint8Array(32).fill(7);
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const about = { service: "bus-pass", authority: "avonbridge" };
const act = new Uint8Array(32).fill(1);

let wallet: Wallet;
beforeEach(() => {
  wallet = createWallet({ sha: nobleSha256, randomBytes, networkId });
});

test("each case has an id and a key of its own, and the key is no holder's key", async () => {
  const [first, second] = [await wallet.openCase(about), await wallet.openCase(about)];
  const holder = Buffer.from((await wallet.holderKey(0)).x, "base64url").toString("hex");
  const x = (key: Uint8Array) => toHex(key.subarray(0, 32));
  expect(toHex(first.id)).not.toBe(toHex(second.id));
  expect(
    new Set([x(first.signer.key.publicKey), x(second.signer.key.publicKey), holder]).size,
  ).toBe(3);
});

test("a case's key signs with low s, every time", async () => {
  const key = await wallet.caseKey();
  for (let round = 0; round < 12; round++) {
    const message = randomBytes(40);
    const signature = await key.sign(message);
    expect(verifyP256(key.key.publicKey, message, signature)).toBe(true);
  }
});

test("the opening shows each field to be the one committed, and no other value", async () => {
  const opened = await wallet.openCase(about);
  const fields = [
    { name: "dateOfBirth", value: "1956-02-29" },
    { name: "residence", value: null },
  ];
  const { root, opening } = opened.commit(fields);
  for (const { name } of fields) {
    const shown = openField(nobleSha256, opening, name)!;
    const claim = { root, networkId, caseId: opened.id, opening: shown };
    expect(verifyField(nobleSha256, claim)).toBe(true);
    const other = { ...shown, field: { ...shown.field, value: "1940-01-01" } };
    expect(verifyField(nobleSha256, { ...claim, opening: other })).toBe(false);
  }
});

test("the same values committed again have other salts and another root", async () => {
  const opened = await wallet.openCase(about);
  const fields = [{ name: "dateOfBirth", value: "1956-02-29" }];
  const [first, second] = [opened.commit(fields), opened.commit(fields)];
  expect(toHex(first.root)).not.toBe(toHex(second.root));
  expect(toHex(first.opening.fields[0]!.salt)).not.toBe(toHex(second.opening.fields[0]!.salt));
});

test("acts keep their openings, and their receipts once they have come", async () => {
  const opened = await wallet.openCase(about);
  const commitment = opened.commit([{ name: "dateOfBirth", value: "1956-02-29" }]);
  opened.recordAct({ action: "apply", transactionId: act, commitment });
  expect(opened.keepReceipt(act, "c2sp.org/tlog-proof@v1\n")).toBe(true);
  expect(opened.keepReceipt(new Uint8Array(32), "another")).toBe(false);
  opened.recordAct({ action: "apply", transactionId: act, commitment });
  expect(opened.acts()).toEqual([
    { action: "apply", transactionId: act, commitment, receipt: "c2sp.org/tlog-proof@v1\n" },
  ]);
});

test("a refusal to show leaves no note that something was shown", async () => {
  const opened = await wallet.openCase(about);
  const facts = [{ vct: "registrar/date-of-birth", claims: ["dateOfBirth"] }];
  const request = { facts, audience: "avonbridge", nonce: "n" };
  const result = await wallet.present({ request, nowSeconds: 1 }, opened);
  expect(result.ok).toBe(false);
  expect(opened.shown()).toEqual([]);
});

test("a case that is forgotten is gone", async () => {
  const opened = await wallet.openCase(about);
  expect(wallet.cases()).toEqual([opened]);
  expect(wallet.forgetCase(opened.id)).toBe(true);
  expect(wallet.forgetCase(opened.id)).toBe(false);
  expect(wallet.cases()).toEqual([]);
});
