import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeSha256 } from "../crypto/sha256.ts";
import { fileMemberKey, type MemberKey, type Sealed } from "./member-key.ts";
import { Vault, VaultBroken } from "./vault.ts";

const CASE = new Uint8Array(16).fill(0xc1);
const OTHER = new Uint8Array(16).fill(0xc2);
const text = (value: string) => new TextEncoder().encode(value);

let directory: string;
let vault: Vault;
let wrapped: Sealed[];

/** A member's key that remembers what it wrapped and the keys inside, to search for them later. */
const spyingKey = (key: MemberKey, seen: Uint8Array[]): MemberKey => ({
  wrap: async (dataKey, context) => {
    seen.push(dataKey.slice());
    const result = await key.wrap(dataKey, context);
    wrapped.push(result);
    return result;
  },
  unwrap: (value, context) => key.unwrap(value, context),
});

const dataKeys: Uint8Array[] = [];
const open = (member = "avonbridge") =>
  Vault.open({
    path: join(directory, `${member}.sqlite`),
    member,
    key: spyingKey(fileMemberKey(join(directory, `${member}.key`)), dataKeys),
    sha: nodeSha256,
  });

/** Whether any file under the directory, whatever its kind, holds these bytes. */
const isOnDisk = (bytes: Uint8Array): boolean =>
  readdirSync(directory).some((name) =>
    readFileSync(join(directory, name)).includes(Buffer.from(bytes)),
  );

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vault-"));
  wrapped = [];
  dataKeys.length = 0;
  vault = open();
});
afterEach(() => {
  vault.close();
  rmSync(directory, { recursive: true });
});

test("what is put is got, also after the vault was closed", async () => {
  await vault.put(CASE, [{ name: "fact/dateOfBirth", bytes: text("1956-02-29") }]);
  vault.close();
  vault = open();
  expect(await vault.get(CASE, "fact/dateOfBirth")).toEqual(text("1956-02-29"));
  expect(await vault.get(CASE, "fact/residence")).toBe(null);
  expect(await vault.get(OTHER, "fact/dateOfBirth")).toBe(null);
  expect(vault.list(CASE)).toEqual(["fact/dateOfBirth"]);
});

test("the member's key file is its owner's alone", () => {
  expect(statSync(join(directory, "avonbridge.key")).mode & 0o777).toBe(0o600);
});

test("nothing that was put lies readable on disk", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("born on the 29th of February") }]);
  expect(isOnDisk(text("29th of February"))).toBe(false);
  expect(dataKeys).toHaveLength(1);
  expect(dataKeys.some(isOnDisk)).toBe(false);
});

test("a record moved to another name, case or member does not open", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a") }]);
  vault.database.exec("UPDATE record SET name = 'other'");
  await expect(vault.get(CASE, "other")).rejects.toThrow(VaultBroken);
  vault.database.exec("UPDATE record SET name = 'fact'");
  vault.database.prepare("UPDATE record SET scope = ?").run(OTHER);
  vault.database.prepare("UPDATE data_key SET scope = ?").run(OTHER);
  await expect(vault.get(OTHER, "fact")).rejects.toThrow(VaultBroken);
});

test("each case has a key of its own", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a") }]);
  await vault.put(OTHER, [{ name: "fact", bytes: text("b") }]);
  await vault.put(OTHER, [{ name: "more", bytes: text("c") }]);
  expect(new Set(dataKeys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(2);
});

test("two puts at once into a new case agree on its key", async () => {
  await Promise.all(["a", "b", "c"].map((name) => vault.put(CASE, [{ name, bytes: text(name) }])));
  for (const name of ["a", "b", "c"]) expect(await vault.get(CASE, name)).toEqual(text(name));
});

test("after erasure no file holds a key, a wrapped key, or a sealed value", async () => {
  for (let record = 0; record < 40; record++) {
    await vault.put(CASE, [{ name: `r${record}`, bytes: text("x".repeat(500)) }]);
    await vault.put(OTHER, [{ name: `r${record}`, bytes: text("y".repeat(500)) }]);
  }
  const rows = vault.database.prepare("SELECT sealed FROM record WHERE scope = ?").all(CASE);
  const sealed = rows.map((row) => row.sealed as Uint8Array);
  expect(sealed).toHaveLength(40);
  expect(sealed.every(isOnDisk)).toBe(true);
  const [keyOfCase] = wrapped;
  expect(isOnDisk(keyOfCase!.sealed)).toBe(true);
  vault.erase([CASE], 5);
  expect([...sealed, keyOfCase!.sealed, keyOfCase!.nonce, ...dataKeys].some(isOnDisk)).toBe(false);
  expect(await vault.get(CASE, "r0")).toBe(null);
  expect(await vault.get(OTHER, "r39")).toEqual(text("y".repeat(500)));
});

test("what is deleted is overwritten, and no copy is made outside the vault's own files", () => {
  const pragma = (name: string) => Object.values(vault.database.prepare(`PRAGMA ${name}`).get()!);
  expect(pragma("secure_delete")).toEqual([1]);
  expect(pragma("temp_store")).toEqual([2]);
});

test("an erased case is not filled again", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a") }]);
  vault.erase([CASE], 5);
  expect(vault.isErased(CASE)).toBe(true);
  expect(await vault.put(CASE, [{ name: "fact", bytes: text("a") }])).toBe(false);
  expect(vault.list(CASE)).toEqual([]);
});

test("an erasure that comes while a record is being put wins", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a") }]);
  const putting = vault.put(CASE, [{ name: "late", bytes: text("b") }]);
  vault.erase([CASE], 5);
  expect(await putting).toBe(false);
  expect(vault.list(CASE)).toEqual([]);
});

test("a sweep destroys what is due, and the key with the last record", async () => {
  await vault.put(CASE, [
    { name: "early", bytes: text("a"), due: { dueMs: 100, why: "P1D after received" } },
    { name: "late", bytes: text("b"), due: { dueMs: 200, why: "P3M after decided" } },
  ]);
  expect(vault.sweep(99)).toEqual([]);
  expect(vault.sweep(100).map(({ name }) => name)).toEqual(["early"]);
  expect(vault.list(CASE)).toEqual(["late"]);
  vault.sweep(200);
  expect(vault.list(CASE)).toEqual([]);
  expect(isOnDisk(wrapped[0]!.sealed)).toBe(false);
  expect(await vault.put(CASE, [{ name: "again", bytes: text("c") }])).toBe(true);
});

test("a due date set again replaces the first", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a"), due: { dueMs: 1, why: "x" } }]);
  vault.retain({ scope: CASE, name: "fact", dueMs: 50, why: "P3M after decided" });
  expect(vault.sweep(49)).toEqual([]);
  expect(vault.dues(CASE)).toEqual([
    { scope: CASE, name: "fact", dueMs: 50, why: "P3M after decided" },
  ]);
});

test("staff readings are chained, and a changed one is found", async () => {
  await vault.put(CASE, [{ name: "fact", bytes: text("a") }]);
  const start = vault.readings.root();
  const reader = { atMs: 7, who: "officer-3", why: "decide" };
  expect(await vault.read(reader, CASE, "fact")).toEqual(text("a"));
  await vault.read({ ...reader, atMs: 8 }, OTHER, "fact");
  await vault.read({ ...reader, atMs: 9 }, CASE, "fact");
  expect(vault.readings.of(CASE).map(({ sequence, atMs }) => [sequence, atMs])).toEqual([
    [1, 7],
    [3, 9],
  ]);
  expect(vault.readings.root()).not.toEqual(start);
  expect(vault.readings.firstFault()).toBe(null);
  vault.database.exec("UPDATE reading SET who = 'officer-4' WHERE sequence = 2");
  expect(vault.readings.firstFault()).toBe(2);
});

test("a reading that was taken out is missed", async () => {
  for (const atMs of [1, 2, 3]) await vault.read({ atMs, who: "o", why: "w" }, CASE, "fact");
  vault.database.exec("DELETE FROM reading WHERE sequence = 2");
  expect(vault.readings.firstFault()).toBe(3);
});
