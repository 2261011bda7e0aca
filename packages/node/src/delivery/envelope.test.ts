import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { openEnvelope, sealEnvelope } from "./envelope.ts";

const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");
const publicKeyOf = (secret: Uint8Array): Uint8Array => {
  const key = Buffer.concat([PKCS8_X25519, secret]);
  const der = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" }));
  return new Uint8Array(der.export({ format: "der", type: "spki" }).subarray(-32));
};

const networkId = new Uint8Array(32).fill(9);
const secret = new Uint8Array(32).fill(5);
const context = { caseId: new Uint8Array(16).fill(1), name: "hotlist", recipient: "severn-buses" };
const contents = new TextEncoder().encode("which passes no longer count");
const sealed = () =>
  sealEnvelope({ networkId, recipientKey: publicKeyOf(secret), context, contents });

test("what is sealed opens for its recipient, and shows nothing on the way", async () => {
  const envelope = await sealed();
  expect(Buffer.from(envelope).includes("passes")).toBe(false);
  expect(await openEnvelope({ networkId, secret, context, envelope })).toEqual(contents);
});

test("the same contents never make the same envelope", async () => {
  expect(await sealed()).not.toEqual(await sealed());
});

test("an envelope opens nowhere else", async () => {
  const envelope = await sealed();
  const right = { networkId, secret, context, envelope };
  const other = new Uint8Array(32).fill(6);
  const wrong = [
    { ...right, networkId: other },
    { ...right, secret: other },
    { ...right, context: { ...context, caseId: new Uint8Array(16).fill(2) } },
    { ...right, context: { ...context, name: "pass" } },
    { ...right, context: { ...context, recipient: "avonbridge" } },
    { ...right, envelope: envelope.subarray(0, 32) },
    { ...right, envelope: new Uint8Array(0) },
  ];
  for (const input of wrong) expect(await openEnvelope(input)).toBe(null);
});

test("one changed bit anywhere keeps it shut", async () => {
  const envelope = await sealed();
  for (let at = 0; at < envelope.length; at++) {
    const changed = envelope.slice();
    changed[at] = changed[at]! ^ 1;
    expect(await openEnvelope({ networkId, secret, context, envelope: changed })).toBe(null);
  }
});
