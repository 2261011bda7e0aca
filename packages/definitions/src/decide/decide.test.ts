import { type Day, dayFromText } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { mended, serviceFiles } from "../../../../test/support/service-files.ts";
import { compileService } from "../compile.ts";
import type { CompiledService } from "../compiled.ts";
import { bodyFor, readAdoptions } from "./adoptions.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { commitmentFields, type Facts, parseFacts } from "./facts.ts";

const files = serviceFiles("bus-pass");

const compile = (from = files): CompiledService => {
  const compilation = compileService(from);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.faults, null, 1));
  return compilation.compiled;
};
const busPass = compile();

const factsOf = (json: unknown, service = busPass): Facts => {
  const parsed = parseFacts(service.service, json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.facts;
};
const dayOf = (text: string): Day => dayFromText(text) ?? 0;

const HOME = { authority: "E06000023", soleOrPrincipal: true };
const ask = (json: unknown, at = "2026-11-20", body: string | null = "E06000023"): Decision =>
  decide(busPass, { facts: factsOf(json), at: dayOf(at), body });

test("the day before the entitled day refuses, the day itself grants", () => {
  const facts = { dateOfBirth: "1956-02-29", residence: HOME };
  expect(ask(facts, "2022-02-28")).toEqual({
    outcome: "refused",
    reason: "too-young",
    missing: [],
    workedOut: { entitledFrom: "2022-03-01" },
    gives: {},
    tables: [{ name: "pension-age", version: "2014-05-14" }],
  });
  const granted = ask(facts, "2022-03-01");
  expect(granted.outcome).toBe("granted");
  expect(granted.reason).toBeNull();
  expect(granted.gives).toEqual({ passUntil: "2027-03-01" });
});

test("a fact that is not known never refuses, and all that lack are named", () => {
  expect(ask({ dateOfBirth: "1990-01-01", residence: { authority: "E06000023" } })).toMatchObject({
    outcome: "undecided",
    reason: "services/fact-missing",
    missing: ["residence.soleOrPrincipal"],
    workedOut: { entitledFrom: "2058-01-01" },
  });
  const nothing = ask({});
  expect(nothing.missing).toEqual([
    "dateOfBirth",
    "residence.authority",
    "residence.soleOrPrincipal",
  ]);
  expect(nothing.tables).toEqual([]);
  expect(ask({ dateOfBirth: null, residence: null })).toEqual(nothing);
});

test("a check that fails before the unknown one refuses all the same", () => {
  const decision = ask({ residence: { ...HOME, soleOrPrincipal: false } });
  expect(decision).toMatchObject({ outcome: "refused", reason: "not-main-home", missing: [] });
});

test("an unknown fact behind || and && counts only when it matters", () => {
  const either = compile(
    mended(files, {
      path: "service.yaml",
      find: "need: residence.soleOrPrincipal",
      put: "need: \"residence.soleOrPrincipal || dateOfBirth < date('1930-01-01')\"",
    }),
  );
  const outcome = (json: unknown): string =>
    decide(either, { facts: factsOf(json, either), at: dayOf("2026-11-20"), body: "E06000023" })
      .outcome;
  const area = { authority: "E06000023" };
  expect(outcome({ dateOfBirth: "1929-01-01", residence: area })).toBe("granted");
  expect(outcome({ dateOfBirth: "1931-01-01", residence: area })).toBe("undecided");
});

test("without a body, or with bodies of two jurisdictions, nobody is known to decide", () => {
  const facts = factsOf({ dateOfBirth: "1950-01-01", residence: HOME });
  for (const body of [null, { areas: ["E06000023", "W06000021"] }, "S12000033"]) {
    const decision = decide(busPass, { facts, at: dayOf("2026-11-20"), body });
    expect(decision).toMatchObject({ outcome: "undecided", reason: "services/no-authority" });
    expect(decision.workedOut).toEqual({ entitledFrom: null });
  }
});

test("a table out of force makes the case wait", () => {
  const path = "tables/pension-age.yaml";
  const ended = compile(
    mended(files, {
      path,
      find: "effective-from: 2014-05-14",
      put: "until: 2026-12-31\neffective-from: 2014-05-14",
    }),
  );
  const facts = factsOf({ dateOfBirth: "1950-01-01", residence: HOME }, ended);
  const at = (day: string): string | null =>
    decide(ended, { facts, at: dayOf(day), body: "E06000023" }).reason;
  expect(at("2026-12-31")).toBeNull();
  expect(at("2027-01-01")).toBe("services/table-not-in-force");
  const young = compile(
    mended(files, { path, find: "also-before: one", put: "# also-before: one" }),
  );
  const early = decide(young, { facts, at: dayOf("2014-05-13"), body: "E06000023" });
  expect(early).toMatchObject({ outcome: "undecided", reason: "services/table-not-in-force" });
});

test("arithmetic that leaves its range decides nothing", () => {
  const far = compile(
    mended(files, {
      path: "service.yaml",
      find: "addMonths(asAt, 60)",
      put: "addMonths(asAt, 6001)",
    }),
  );
  const facts = factsOf({ dateOfBirth: "1950-01-01", residence: HOME }, far);
  const decision = decide(far, { facts, at: dayOf("2026-11-20"), body: "E06000023" });
  expect(decision).toMatchObject({
    outcome: "undecided",
    reason: "services/rule-fault",
    gives: {},
  });
});

test.each([
  ["a number for a date", { dateOfBirth: 19560229 }, "dateOfBirth", "facts/wrong-type"],
  [
    "a day that no calendar has",
    { dateOfBirth: "1957-02-29" },
    "dateOfBirth",
    "facts/impossible-date",
  ],
  ["a day without its zero", { dateOfBirth: "1957-2-09" }, "dateOfBirth", "facts/impossible-date"],
  ["a day long ago", { dateOfBirth: "1066-10-14" }, "dateOfBirth", "facts/impossible-date"],
  [
    "a day and a time",
    { dateOfBirth: "1957-02-09T00:00:00Z" },
    "dateOfBirth",
    "facts/impossible-date",
  ],
  ["an unknown field", { dateOfbirth: "1957-02-09" }, "dateOfbirth", "facts/unknown-field"],
  [
    "an unknown part",
    { residence: { postcode: "x" } },
    "residence.postcode",
    "facts/unknown-field",
  ],
  ["a prototype", JSON.parse('{"__proto__": {}}'), "__proto__", "facts/unknown-field"],
  ["a text for a group", { residence: "E06000023" }, "residence", "facts/wrong-type"],
  ["a list for a group", { residence: ["E06000023"] }, "residence", "facts/wrong-type"],
  [
    "a text for yes or no",
    { residence: { soleOrPrincipal: "true" } },
    "residence.soleOrPrincipal",
    "facts/wrong-type",
  ],
  [
    "an area in small letters",
    { residence: { authority: "e06000023" } },
    "residence.authority",
    "facts/wrong-type",
  ],
  ["a list", [], "", "facts/not-an-object"],
  ["nothing", null, "", "facts/not-an-object"],
  ["a text", "{}", "", "facts/not-an-object"],
])("facts: %s", (_, json, path, code) => {
  const parsed = parseFacts(busPass.service, json);
  const faults = parsed.ok
    ? []
    : parsed.faults.map((fault) => ({ path: fault.path, code: fault.code }));
  expect(faults).toEqual([{ path, code }]);
});

test("everything wrong with the facts is reported, and no value is repeated", () => {
  const parsed = parseFacts(busPass.service, {
    dateOfBirth: "secret",
    residence: { authority: 7 },
    x: 1,
  });
  expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.path)).toEqual([
    ...["x", "dateOfBirth", "residence.authority"],
  ]);
  expect(JSON.stringify(parsed)).not.toContain("secret");
});

test("fields are committed to in the definition's order, an unknown one as null", () => {
  const facts = factsOf({ residence: { soleOrPrincipal: true }, dateOfBirth: "1956-02-29" });
  expect(commitmentFields(busPass.service, facts)).toEqual([
    { name: "dateOfBirth", value: "1956-02-29" },
    { name: "residence.authority", value: null },
    { name: "residence.soleOrPrincipal", value: true },
  ]);
  expect(commitmentFields(busPass.service, facts, ["residence"]).length).toBe(2);
});

test("the body is the one that decides for the area, by its own code or its area's", () => {
  const read = readAdoptions(files);
  const adoptions = read.ok ? read.adoptions : [];
  const { service } = busPass;
  const by = (authority: string | null, asked: string | null): readonly string[] | null => {
    const facts = factsOf({ residence: { authority } });
    return bodyFor(service, { adoptions, facts, asked })?.areas ?? null;
  };
  expect(adoptions.map((one) => one.member)).toContain("severn-travel");
  expect(by("E07000080", null)).toEqual(["E07000080"]);
  expect(by("W06000021", null)).toEqual(["W06000021"]);
  expect(by("W06000021", "E10000013")).toEqual(["E07000080"]);
  expect(by("E06000024", null)).toEqual(["E06000024"]);
  expect(by("E07000081", null)).toBeNull();
  expect(by(null, null)).toBeNull();
  expect(by(null, "E06000023")).toEqual(["E06000023"]);
});

test("an adoption with a fault names its place", () => {
  const path = "adoptions/demonstration.yaml";
  const read = readAdoptions(
    mended(files, { path, find: "areas: [E07000080]", put: "areas: [Dean]" }),
  );
  expect(read.ok ? [] : read.faults.map((fault) => [fault.file, fault.code])).toEqual([
    [path, "definition/wrong-shape"],
  ]);
});
