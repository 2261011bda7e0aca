import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../io.ts";
import { runService } from "./index.ts";

const busPass = fileURLToPath(new URL("../../../../services/bus-pass", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "tallystick-service-"));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as `main` does: wrong use is exit code 2 and a sentence. */
async function run(...argv: string[]): Promise<Ran> {
  const said = { out: "", err: "" };
  const io = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    readFile: (path: string) => readFileSync(path),
  };
  try {
    return { code: await runService(argv, io), ...said };
  } catch (error) {
    const isParse = String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
    if (!(error instanceof UsageError) && !isParse) throw error;
    return { code: 2, out: said.out, err: `${said.err}${(error as Error).message}` };
  }
}

const factsFile = (facts: unknown): string => {
  const path = join(scratch, "facts.json");
  writeFileSync(path, typeof facts === "string" ? facts : JSON.stringify(facts));
  return path;
};
const decide = (facts: unknown, at: string, ...more: string[]): Promise<Ran> =>
  run("decide", busPass, "--facts", factsFile(facts), "--at", at, ...more);

const resident = (dateOfBirth: string, authority: string): unknown => ({
  dateOfBirth,
  residence: { authority, soleOrPrincipal: true },
});

test("decide --json is one line with exactly what the rule says", async () => {
  const ran = await decide(resident("1956-02-29", "E06000023"), "2026-11-20", "--json");
  expect(ran.code).toBe(0);
  expect(ran.out.endsWith("}\n")).toBe(true);
  expect(ran.out.split("\n").length).toBe(2);
  const { rule, ...rest } = JSON.parse(ran.out);
  expect(rest).toEqual({
    outcome: "granted",
    reason: null,
    entitledFrom: "2022-03-01",
    tables: [{ name: "pension-age", version: "2014-05-14" }],
  });
  expect(Object.keys(rule)).toEqual(["service", "version", "hash"]);
  expect(rule.hash).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ["1966-11-20", "E06000023", "2026-11-20", "refused", "2033-11-20"],
  ["1966-11-20", "E06000025", "2033-11-19", "refused", "2033-11-20"],
  ["1966-11-20", "E07000080", "2033-11-20", "granted", "2033-11-20"],
  ["1966-11-20", "W06000021", "2026-11-20", "granted", "2026-11-20"],
  ["1966-11-20", "W06000022", "2026-11-19", "refused", "2026-11-20"],
  ["1890-01-01", "E06000023", "1949-12-31", "refused", "1950-01-01"],
  ["1999-12-31", "E06000023", "2067-12-31", "granted", "2067-12-31"],
])("born %s, living in %s, on %s: %s from %s", async (born, area, at, outcome, entitledFrom) => {
  const ran = await decide(resident(born, area), at, "--json");
  expect(JSON.parse(ran.out)).toMatchObject({ outcome, entitledFrom });
  expect(ran.code).toBe(outcome === "granted" ? 0 : 1);
});

test("the body may be named by its own code or an area of its", async () => {
  const facts = resident("1950-01-01", "E07000080");
  const reasons: unknown[] = [];
  for (const body of ["E10000013", "E07000080", "E06000023"]) {
    const ran = await decide(facts, "2026-11-20", "--json", "--body", body);
    reasons.push(JSON.parse(ran.out).reason);
  }
  expect(reasons).toEqual([null, null, "another-authority"]);
});

test("a fact that is missing or null leaves it undecided, with what is lacking", async () => {
  for (const facts of [{ residence: { authority: "E06000023" } }, { dateOfBirth: null }]) {
    const ran = await decide(facts, "2026-11-20", "--json");
    expect(ran.code).toBe(1);
    const line = JSON.parse(ran.out);
    expect(line).toMatchObject({ outcome: "undecided", reason: "services/fact-missing" });
    expect(line.entitledFrom).toBeNull();
    expect(line.missing).toContain("dateOfBirth");
  }
});

test("without --json the same is said in words", async () => {
  const granted = await decide(resident("1956-02-29", "E06000023"), "2026-11-20");
  expect(granted.out).toContain("Granted: entitled from 1 March 2022");
  const refused = await decide(resident("1990-01-01", "E06000023"), "2026-11-20");
  expect(refused.out).toContain("Refused: You can have a pass from 1 January 2058.");
  const unknown = await decide({}, "2026-11-20");
  expect(unknown.out).toContain("Undecided: not known, so nothing is refused: date of birth");
});

test.each([
  ["a wrong type", { dateOfBirth: 19560229 }, "2026-11-20", '"dateOfBirth" has the wrong type'],
  [
    "an impossible date",
    { dateOfBirth: "1957-02-29" },
    "2026-11-20",
    '"dateOfBirth" is not a poss',
  ],
  ["an unknown field", { dob: "1957-02-28" }, "2026-11-20", '"dob" is not a field'],
  ["no object", [], "2026-11-20", "the whole is not an object"],
  ["unreadable JSON", "{", "2026-11-20", "is not JSON"],
  ["an impossible day", {}, "2026-02-30", "--at needs a calendar date"],
])("%s is wrong use and says which field", async (_, facts, at, message) => {
  const ran = await decide(facts, at, "--json");
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(message);
  expect(ran.out).toBe("");
});

test("wrong use of the command line", async () => {
  const facts = factsFile({});
  const at = ["--at", "2026-11-20"];
  const rows: readonly (readonly string[])[] = [
    ["decide", busPass, ...at],
    ["decide", busPass, "--facts", facts],
    ["decide", "--facts", facts, ...at],
    ["decide", busPass, "--facts", join(scratch, "none.json"), ...at],
    ["decide", join(scratch, "none"), "--facts", facts, ...at],
    ["decide", busPass, "--facts", facts, ...at, "--body", "Bristol"],
    ["decide", busPass, "--facts", facts, ...at, "--bodies", "E06000023"],
    ["check"],
    ["check", join(scratch, "none")],
    ["publish", busPass],
    [],
  ];
  for (const argv of rows) expect((await run(...argv)).code, argv.join(" ")).toBe(2);
});

test("check and test pass on the bus pass and fail on a broken copy", async () => {
  const good = await run("check", busPass, "--json");
  expect(good.code).toBe(0);
  expect(JSON.parse(good.out)).toMatchObject({ ok: true, rule: { service: "bus-pass" } });
  expect((await run("test", busPass)).out).toContain("tests passed");
  const copy = join(scratch, "copy");
  cpSync(busPass, copy, { recursive: true });
  const change = (path: string, find: string, put: string): void => {
    const text = readFileSync(join(copy, path), "utf8");
    expect(text).toContain(find);
    writeFileSync(join(copy, path), text.replace(find, put));
  };
  change("tests.yaml", "entitledFrom: 2033-11-20", "entitledFrom: 2033-11-21");
  const failing = await run("test", copy);
  expect(failing.code).toBe(1);
  expect(failing.out).toContain("entitledFrom is");
  change("service.yaml", "entitledFrom <= asAt", "entitledfrom <= asAt");
  const faulty = await run("check", copy);
  expect(faulty.code).toBe(1);
  expect(faulty.out).toMatch(/service\.yaml:\d+:\d+ definition\/undeclared-name/);
  expect((await run("test", copy, "--json")).code).toBe(1);
  const facts = factsFile({});
  expect((await run("decide", copy, "--facts", facts, "--at", "2026-11-20")).code).toBe(2);
});
