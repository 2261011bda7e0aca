import type { Applied } from "@tallystick/client";
import { toHex } from "@tallystick/log";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  applyForPass,
  eraseCase,
  makeResident,
  type Resident,
  seeCase,
} from "./testing/resident.ts";
import { Town } from "./testing/town.ts";

const BORN = "1950-02-28";

let town: Town;
let resident: Resident;
let applied: Applied & { readonly ok: true };
beforeEach(async () => {
  town = Town.found();
  resident = await makeResident(town, { dateOfBirth: BORN });
  const made = await applyForPass(town, resident);
  if (!made.ok) throw new Error(made.code);
  applied = made;
});
afterEach(() => town.close());

/** Ciphertexts, nonces and wrapped keys of a case in every vault. */
const traces = (): Uint8Array[] =>
  ["avonbridge", "severn-buses", "public-auditor"].flatMap((member) => {
    const { database } = town.body(member).member.vault;
    const rows = [
      ...database
        .prepare("SELECT nonce, sealed AS bytes FROM record WHERE scope = ?")
        .all(caseId()),
      ...database
        .prepare("SELECT nonce, wrapped AS bytes FROM data_key WHERE scope = ?")
        .all(caseId()),
    ];
    return rows.flatMap((row) => [row.nonce as Uint8Array, row.bytes as Uint8Array]);
  });

const caseId = (): Uint8Array => applied.case.id;

test("after an erasure no file of any node holds a trace of the case, and each body says so", async () => {
  await town.settle();
  const { recipients } = await eraseCase(town, applied);
  expect(recipients).toEqual(["public-auditor", "severn-buses"]);
  await town.settle();
  const erasures = town.messages("services/erase") as readonly { holder: string }[];
  expect(erasures.map(({ holder }) => holder).sort()).toEqual([
    "avonbridge",
    "public-auditor",
    "severn-buses",
  ]);
  expect(town.body("avonbridge").outbox.size).toBe(0);
});

test("the bytes that were there are not there any more", async () => {
  await town.settle();
  const before = traces();
  expect(before.length).toBeGreaterThan(16);
  expect(before.some((bytes) => town.isOnDisk(bytes))).toBe(true);
  await eraseCase(town, applied);
  await town.settle();
  expect(traces()).toEqual([]);
  expect(before.filter((bytes) => town.isOnDisk(bytes))).toEqual([]);
});

test("no value, salt or presentation is ever readable on disk, before or after", async () => {
  await town.settle();
  const [act] = applied.case.acts();
  const salts = act!.commitment!.opening.fields.map(({ salt }) => salt);
  const decision = (await seeCase(town, applied)).decision!;
  const decided = decision.openings.map(({ salt }) => Buffer.from(salt, "base64url"));
  const texts = resident.wallet.facts().map(({ credential }) => credential.split("~")[0]!);
  const values = [BORN, String(decision.workedOut.entitledFrom), ...texts];
  const found = () => [...salts, ...decided, ...values].filter((one) => town.isOnDisk(one));
  expect(found()).toEqual([]);
  await eraseCase(town, applied);
  await town.settle();
  expect(found()).toEqual([]);
});

test("an erased case cannot be seen again, and is erased once", async () => {
  await town.settle();
  await eraseCase(town, applied);
  await expect(seeCase(town, applied)).rejects.toMatchObject({ code: "bodies/case-erased" });
  await expect(eraseCase(town, applied)).rejects.toMatchObject({ code: "bodies/case-erased" });
  await town.settle();
  expect(town.messages("services/erase")).toHaveLength(3);
});

test("an erasure that comes before the decision leaves nothing to decide", async () => {
  await eraseCase(town, applied);
  await town.settle();
  expect(town.messages("services/decide")).toEqual([]);
  expect(town.messages("services/erase")).toMatchObject([{ holder: "avonbridge" }]);
  expect(town.nodes.get("councils")!.health()[0]).toMatchObject({ waiting: 0, faults: [] });
});

test("an erasure that a stop kept from the ledger is recorded after the start", async () => {
  await town.settle();
  town.body("avonbridge").member.vault.erase([caseId()], 1);
  await town.nodes.get("councils")!.stop();
  town.open("councils");
  await town.settle();
  expect(town.messages("services/erase")).toHaveLength(3);
});

test("a body is not told by anybody else that a case is erased", async () => {
  await town.settle();
  const { ledger } = town;
  const buses = town.body("severn-buses");
  const { sealEnvelope } = await import("../delivery/envelope.ts");
  const { encodeContents } = await import("../delivery/contents.ts");
  const notice = async (holder: string) => {
    const envelope = await sealEnvelope({
      networkId: ledger.networkId,
      recipientKey: buses.member.registered.sealingKey,
      context: { caseId: caseId(), name: "erasure", recipient: "severn-buses" },
      contents: encodeContents({ kind: "erasure", caseId: caseId(), holder }),
    });
    const id = toHex(caseId());
    const answer = await town.fetch("http://buses.example/v1/deliveries", {
      method: "POST",
      body: JSON.stringify({
        ...{ kind: "erasure", recipient: "severn-buses", case: id, reference: id },
        envelope: Buffer.from(envelope).toString("base64url"),
      }),
    });
    return ((await answer.json()) as { code?: string }).code;
  };
  expect(await notice("avonbridge")).toBe("delivery/unknown-disclosure");
  ledger.act("severnside", [{ type: "services/erase", case: caseId(), holder: "severnside" }]);
  expect(await notice("severnside")).toBe("delivery/unknown-disclosure");
  expect(buses.member.vault.list(caseId())).toHaveLength(1);
});

test("an entry of the register goes with its key", async () => {
  const person = resident.people.get("registrar")!;
  const scope = new Uint8Array(Buffer.from(person, "hex"));
  const { database } = town.body("registrar").member.vault;
  const row = database.prepare("SELECT wrapped FROM data_key WHERE scope = ?").get(scope);
  const wrapped = row!.wrapped as Uint8Array;
  expect(town.isOnDisk(wrapped)).toBe(true);
  const url = `${town.urlOf("registrar")}/v1/members/registrar/register/people/${person}`;
  expect((await town.fetch(url, { method: "DELETE" })).status).toBe(204);
  expect(town.isOnDisk(wrapped)).toBe(false);
  expect((await town.fetch(url, { method: "DELETE" })).status).toBe(404);
});
