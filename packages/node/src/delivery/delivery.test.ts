import { commit } from "@tallystick/ledger";
import { toBase64Url, toHex } from "@tallystick/log";
import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf } from "../bodies/testing/draft.ts";
import { applyForPass, makeResident, seeCase } from "../bodies/testing/resident.ts";
import { Town } from "../bodies/testing/town.ts";
import { gatewayActs } from "../bodies/testing/town-members.ts";
import { encodeContents } from "./contents.ts";
import { sealEnvelope } from "./envelope.ts";
import type { OutgoingDelivery } from "./outbox.ts";

let town: Town;
beforeEach(() => {
  town = Town.found();
});
afterEach(() => town.close());

/** A granted case whose disclosure is recorded and on its way, and cannot reach the buses. */
async function underWay(): Promise<OutgoingDelivery> {
  town.cut("buses");
  await applyForPass(town, await makeResident(town, { dateOfBirth: "1950-02-28" }));
  await town.settle();
  const found = town
    .body("avonbridge")
    .outbox.due(Number.MAX_SAFE_INTEGER, 10)
    .find(({ kind }) => kind === "disclosure");
  town.cut("buses", false);
  if (found === undefined) throw new Error("nothing is under way");
  return found;
}

const post = (delivery: OutgoingDelivery, changed: Record<string, unknown> = {}) =>
  town.fetch("http://buses.example/v1/deliveries", {
    method: "POST",
    body: JSON.stringify({
      kind: delivery.kind,
      recipient: delivery.recipient,
      case: toHex(delivery.scope),
      reference: toHex(delivery.reference),
      envelope: toBase64Url(delivery.envelope),
      ...changed,
    }),
  });

const nothingReceived = (delivery: OutgoingDelivery): boolean =>
  town.body("severn-buses").member.vault.list(delivery.scope).length === 0;

test("a delivery is kept until its acknowledgement stands, and sent again until then", async () => {
  const delivery = await underWay();
  const { outbox } = town.body("avonbridge");
  expect(outbox.faults()).toContainEqual({ kind: "disclosure", code: "delivery/unreachable" });
  expect(town.messages("services/acknowledge")).toEqual([]);
  town.ledger.clockMs += 120_000n;
  await town.settle();
  expect(town.messages("services/acknowledge")).toMatchObject([
    { disclosureId: delivery.reference, messageIndex: 0n },
  ]);
  expect(outbox.size).toBe(0);
});

test("what arrives is sealed: nothing in it can be read on the way", async () => {
  const delivery = await underWay();
  const sent = Buffer.from(delivery.envelope).toString("latin1");
  expect(sent).not.toContain("status-lists");
  const shown = town.body("severn-buses").view.disclosure(delivery.reference, 0);
  const { sha256 } = town.ledger.host;
  expect(shown?.envelope).toEqual(sha256.one(delivery.envelope));
});

test("taken twice it is the same as once", async () => {
  const delivery = await underWay();
  expect(await (await post(delivery)).json()).toEqual({ repeated: false });
  expect(await (await post(delivery)).json()).toEqual({ repeated: true });
  await town.settle();
  expect(await (await post(delivery)).json()).toEqual({ repeated: true });
  expect(town.messages("services/acknowledge")).toHaveLength(1);
  expect(town.body("severn-buses").member.vault.list(delivery.scope)).toEqual([
    `received/hotlist/${toHex(delivery.reference)}`,
  ]);
});

test("delivery/malformed: what is no delivery", async () => {
  const delivery = await underWay();
  const spoiled = [{ kind: "letter" }, { case: "12" }, { reference: "34" }, { envelope: "?" }];
  for (const changed of [...spoiled, { recipient: null }]) {
    expect(await codeOf(await post(delivery, changed))).toBe("delivery/malformed");
  }
});

test("delivery/not-ours: a recipient at another node", async () => {
  const delivery = await underWay();
  expect(await codeOf(await post(delivery, { recipient: "avonbridge" }))).toBe("delivery/not-ours");
});

test("delivery/unknown-disclosure: an act that the ledger does not show", async () => {
  const delivery = await underWay();
  const reference = "00".repeat(32);
  const code = "delivery/unknown-disclosure";
  expect(await codeOf(await post(delivery, { reference }))).toBe(code);
  expect(await codeOf(await post(delivery, { case: "00".repeat(16) }))).toBe(code);
  expect(nothingReceived(delivery)).toBe(true);
});

test("delivery/envelope-differs: an envelope that was not recorded", async () => {
  const delivery = await underWay();
  const envelope = delivery.envelope.slice();
  envelope[40] = envelope[40]! ^ 1;
  const changed = { envelope: toBase64Url(envelope) };
  expect(await codeOf(await post(delivery, changed))).toBe("delivery/envelope-differs");
  expect(nothingReceived(delivery)).toBe(true);
});

test("delivery/no-live-gateway: an agreement that has ended meanwhile", async () => {
  const delivery = await underWay();
  const id = "hotlist/avonbridge";
  town.ledger.act("severn-buses", [{ type: "agreements/end", id, endDay: 20_778 }]);
  town.ledger.clockMs += 86_400_000n;
  expect(await codeOf(await post(delivery))).toBe("delivery/no-live-gateway");
  expect(nothingReceived(delivery)).toBe(true);
});

/** Records a disclosure of Avonbridge's own making in the case, with whatever was sealed. */
async function disclose(
  to: OutgoingDelivery,
  sealed: {
    name?: string;
    fields?: { name: string; value: string }[];
    bytes?: Uint8Array;
    isCommitted?: boolean;
  },
): Promise<OutgoingDelivery> {
  const { ledger } = town;
  const salt = new Uint8Array(32).fill(7);
  const fields = (sealed.fields ?? []).map((field) => ({ ...field, salt }));
  const { sealingKey } = town.body("severn-buses").member.registered;
  const contents = { kind: "disclosure", caseId: to.scope, fields } as const;
  const { networkId } = ledger;
  const commitment = sealed.isCommitted
    ? commit(ledger.host.sha256, { networkId, caseId: to.scope, fields })
    : new Uint8Array(32).fill(1);
  const envelope = await sealEnvelope({
    networkId,
    recipientKey: sealingKey,
    context: { caseId: to.scope, name: sealed.name ?? "hotlist", recipient: "severn-buses" },
    contents: sealed.bytes ?? encodeContents(contents),
  });
  ledger.act("avonbridge", [
    {
      type: "services/disclose",
      case: to.scope,
      disclosure: "hotlist",
      recipient: "severn-buses",
      agreement: "hotlist/avonbridge",
      commitment,
      envelope: ledger.host.sha256.one(envelope),
      acknowledgeByMs: ledger.now() + 86_400_000n,
    },
  ]);
  const reference = ledger.blocks(1).at(-1)!.transactions[0]!.id;
  return { ...to, reference, envelope };
}

test("delivery/does-not-open: sealed under another name, or holding something else", async () => {
  const delivery = await underWay();
  const misnamed = await disclose(delivery, { name: "pass" });
  expect(await codeOf(await post(misnamed))).toBe("delivery/does-not-open");
  const odd = await disclose(delivery, { bytes: new Uint8Array(100) });
  expect(await codeOf(await post(odd))).toBe("delivery/does-not-open");
  expect(nothingReceived(delivery)).toBe(true);
});

test("delivery/commitment-differs: something other than what was committed to", async () => {
  const delivery = await underWay();
  const fields = [{ name: "pass.status", value: "something else" }];
  const other = await disclose(delivery, { fields });
  expect(await codeOf(await post(other))).toBe("delivery/commitment-differs");
  const empty = await disclose(delivery, { fields: [] });
  expect(await codeOf(await post(empty))).toBe("delivery/commitment-differs");
  expect(nothingReceived(delivery)).toBe(true);
});

test("delivery/fields-differ: more than the definition names, though all is committed to", async () => {
  const delivery = await underWay();
  const named = { name: "pass.status", value: "valid" };
  const born = { name: "dateOfBirth", value: "1950-02-28" };
  for (const fields of [[named, born], [born]]) {
    const other = await disclose(delivery, { fields, isCommitted: true });
    expect(await codeOf(await post(other))).toBe("delivery/fields-differ");
  }
  expect(nothingReceived(delivery)).toBe(true);
  const honest = await disclose(delivery, { fields: [named], isCommitted: true });
  expect((await post(honest)).ok).toBe(true);
});

test("what is not acknowledged in time is an alarm on both sides", async () => {
  await underWay();
  town.cut("buses");
  town.ledger.clockMs += 5n * 86_400_000n;
  const nowMs = Number(town.ledger.now());
  await town.settle(2);
  const overdue = (member: string) =>
    town
      .body(member)
      .outbox.overdue(nowMs)
      .map(({ side, other }) => [side, other]);
  expect(overdue("avonbridge")).toContainEqual(["sent", "severn-buses"]);
  expect(overdue("severn-buses")).toEqual([["expected", "avonbridge"]]);
  const health = town.nodes.get("buses")!.health();
  expect(health).toMatchObject([{ member: "severn-buses", overdue: 1 }]);
});

test("with no gateway nothing flows, and it does as soon as there is one", async () => {
  await town.close();
  town = Town.found({ withGateway: false });
  const applied = await applyForPass(town, await makeResident(town, { dateOfBirth: "1950-02-28" }));
  await town.settle();
  expect(town.messages("services/disclose")).toEqual([]);
  expect(town.body("avonbridge").tasks.faults()).toEqual([
    { kind: "disclose", code: "services/no-live-gateway" },
  ]);
  expect((await seeCase(town, applied)).state).toBe("issued");
  for (const [member, messages] of gatewayActs()) town.ledger.act(member, messages);
  town.ledger.clockMs += 60_000n;
  await town.settle();
  expect(town.messages("services/acknowledge")).toHaveLength(1);
});
