import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hashOf, idOf } from "../../../test/support/ledger.ts";
import { encodeEvent, type KnownEvent, readEvent } from "./events.ts";

const decided: KnownEvent = {
  kind: "services/case-decided",
  ...{ case: idOf("case"), action: "decide", outcome: "grant", from: "applied", state: "issued" },
  act: hashOf("act"),
};

test("an event comes back from its fields as it was", () => {
  const event = encodeEvent(decided);
  expect(event.name).toBe("services/case-decided");
  expect(event.fields).toEqual([
    ...[idOf("case"), "decide", "grant", "applied", "issued", hashOf("act")],
  ]);
  expect(readEvent(event)).toEqual(decided);
});

test("an event of an unknown kind, or with other fields, is read as none", () => {
  const { name, fields } = encodeEvent(decided);
  expect(readEvent({ name: "services/rumour", fields })).toBeNull();
  expect(readEvent({ name: "toString", fields: [] })).toBeNull();
  expect(readEvent({ name, fields: fields.slice(1) })).toBeNull();
});

test("the page of events lists the kinds that the code has", () => {
  const text = readFileSync(new URL("../../../spec/events.md", import.meta.url), "utf8");
  const code = readFileSync(new URL("./events.ts", import.meta.url), "utf8");
  const kinds = [...text.matchAll(/^\| (\w+\/[\w-]+) \|/gm)].map((match) => match[1]);
  const known = [...code.matchAll(/^ {2}"(\w+\/[\w-]+)": record/gm)].map((match) => match[1]);
  expect(kinds).toEqual(known);
  expect(kinds.length).toBeGreaterThan(20);
});
