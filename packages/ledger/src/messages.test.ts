import { parsePolicy, toHex } from "@tallystick/log";
import { describe, expect, test } from "vitest";
import { nodeSha256 } from "../../../test/support/hosts.ts";
import {
  hashOf,
  idOf,
  messages,
  testDefinition,
  testGenesis,
} from "../../../test/support/ledger.ts";
import { accredit, statusList } from "../../../test/support/refusal-rows/credentials.ts";
import { ed25519Signer } from "../../../test/support/transactions.ts";
import { type Cbor, type CborInput, decode, encode } from "./cbor.ts";
import { decodeDefinition, definitionHash, encodeDefinition } from "./definition.ts";
import { decodeGenesis, encodeGenesis, networkId, originOf, policyText } from "./genesis.ts";
import { decodeMessage, encodeMessage, MESSAGE_NUMBERS, type Message } from "./messages.ts";

const overWire = (value: CborInput): Cbor => {
  const decoded = decode(encode(value));
  if (!decoded.ok) throw new Error(decoded.code);
  return decoded.value;
};

const hash = hashOf("hash");
const samples: readonly Message[] = [
  {
    ...{ type: "members/add-staff-key", member: "avon", key: ed25519Signer("x").key },
    ...{ role: "officer", pseudonym: "o-1" },
  },
  { type: "members/remove-staff-key", member: "avon", keyId: hash },
  {
    ...{ type: "members/add-site", member: "avon", siteId: "s", name: "Swyddfa’r Cyngor" },
    place: { kind: "grid", reference: "ST5873", precisionMetres: 1_000n },
  },
  messages.hotlist({ endDay: 30_000, gateway: "emergency", onEnd: "stop" }),
  { type: "agreements/accept", id: "hotlist/avon" },
  { type: "agreements/end", id: "hotlist", endDay: 20_000 },
  { type: "services/publish", definition: encodeDefinition(testDefinition()) },
  { type: "services/vote", definition: hash },
  messages.adopt(testDefinition()),
  messages.open(),
  messages.act("ask"),
  messages.act("answer", { commitment: hash }),
  messages.decide("grant"),
  messages.disclose(1_000n),
  { type: "services/acknowledge", case: idOf("c"), disclosureId: hash, messageIndex: 3n },
  { type: "services/draw", act: hash, checkpoint: "note\n", cosigner: "a/executor" },
  { type: "services/open-to-auditor", act: hash, auditor: "auditor", envelope: hash },
  { type: "services/finding", act: hash, agrees: false, findings: hash },
  { type: "services/erase", case: idOf("c"), holder: "avon" },
  accredit(),
  { type: "credentials/withdraw", vct: "a:b/c", issuer: "avon" },
  statusList(2n),
];

describe.each(samples.map((message) => [message.type, message] as const))("%s", (_, message) => {
  const cbor = overWire(encodeMessage(message)) as readonly Cbor[];

  test("comes back from the wire as it was", () => {
    expect(decodeMessage(cbor)).toEqual({ ok: true, message });
    expect(cbor[0]).toBe(MESSAGE_NUMBERS.get(message.type));
  });

  test("with a field too many, too few or of another type is refused", () => {
    const wrong = { ok: false, code: "transaction/malformed-message" };
    expect(decodeMessage([...cbor, null])).toEqual(wrong);
    expect(decodeMessage(cbor.slice(0, -1))).toEqual(wrong);
    for (let at = 1; at < cbor.length; at += 1) {
      const changed = [...cbor];
      changed[at] = typeof cbor[at] === "boolean" ? 0n : true;
      expect(decodeMessage(changed), `field ${at}`).toEqual(wrong);
    }
  });
});

test("every message has a sample, and a number of its own", () => {
  const types = new Set(samples.map(({ type }) => type));
  expect([...MESSAGE_NUMBERS.keys()].filter((type) => !types.has(type))).toEqual([]);
  expect(new Set(MESSAGE_NUMBERS.values()).size).toBe(MESSAGE_NUMBERS.size);
});

test("a message of an unknown number, or that is no array, is refused", () => {
  expect(decodeMessage([999n, "x"])).toEqual({ ok: false, code: "transaction/unknown-message" });
  for (const cbor of [[], ["202", "x"], 202n, null]) {
    expect(decodeMessage(cbor)).toEqual({ ok: false, code: "transaction/malformed-message" });
  }
});

test.each(["", "a b", "a\u0000b", "é", "a".repeat(129), "a@b"])("%j is no id", (id) => {
  expect(decodeMessage([202n, id]).ok).toBe(false);
});

describe("a definition", () => {
  const bytes = encodeDefinition(testDefinition());

  test("comes back from its bytes as it was", () => {
    const decoded = decodeDefinition(bytes);
    expect(decoded).toEqual(testDefinition());
    expect(encodeDefinition(decoded as NonNullable<typeof decoded>)).toEqual(bytes);
  });

  test("of another version, or with a byte too many, is none", () => {
    const other = bytes.slice();
    other[1] = 2;
    expect(decodeDefinition(other)).toBeNull();
    expect(decodeDefinition(new Uint8Array([...bytes, 0]))).toBeNull();
  });

  test("is hashed under its own domain", () => {
    const text = Buffer.concat([Buffer.from("tallystick/definition/v1"), bytes]);
    expect(definitionHash(nodeSha256, bytes)).toEqual(nodeSha256.one(text));
  });
});

describe("genesis", () => {
  const genesis = testGenesis();
  const bytes = encodeGenesis(genesis);

  test("comes back from its bytes as it was", () => {
    expect(decodeGenesis(bytes)).toEqual(genesis);
  });

  test("names the network and the origin", () => {
    const id = networkId(nodeSha256, bytes);
    expect(id).toEqual(nodeSha256.one(Buffer.concat([Buffer.from([0]), bytes])));
    expect(originOf(genesis, id)).toBe(`test.example/${toHex(id).slice(0, 16)}`);
    const other = encodeGenesis(testGenesis({}, 8));
    expect(networkId(nodeSha256, other)).not.toEqual(id);
  });

  test("gives the policy: one group for each operator that does not order", () => {
    const parsed = parsePolicy(nodeSha256, policyText(nodeSha256, bytes));
    if (!parsed.ok) throw new Error(parsed.why);
    expect(parsed.policy.logs).toHaveLength(1);
    expect(parsed.policy.groups).toEqual([
      { name: "beta", threshold: 1, members: ["buses/executor"] },
      { name: "gamma", threshold: 1, members: ["auditor/executor"] },
      { name: "executors", threshold: 2, members: ["beta", "gamma"] },
    ]);
    expect(parsed.policy.quorum).toBe("executors");
  });

  test.each([
    ["of another protocol", { ...genesis, protocol: 2n }],
    ["whose orderer is nobody", { ...genesis, orderer: "nobody" }],
    ["with a member twice", { ...genesis, members: [...genesis.members, ...genesis.members] }],
    ["with an operator called executors", { ...genesis, operators: renamed("executors") }],
    ["without an operator for a member", { ...genesis, operators: genesis.operators.slice(0, 2) }],
    ["without a parameter", { ...genesis, parameters: genesis.parameters.slice(1) }],
    ["with a parameter of nought", testGenesis({ drawOneIn: 0n })],
  ])("%s is none", (_, changed) => {
    expect(decodeGenesis(encodeGenesis(changed))).toBeNull();
  });
});

function renamed(id: string) {
  return [...testGenesis().operators, { id, name: "x", address: "x", siteId: "x" }];
}
