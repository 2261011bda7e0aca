import { expect, test } from "vitest";
import { mended, serviceFiles } from "../../../test/support/service-files.ts";
import { compileService } from "./compile.ts";
import { FAULT_CODES, type FaultCode } from "./fault.ts";

// The bus pass, broken in one way at a time. Each row says what must be refused and where.

/** `at`: the text at which the fault must point, or null for the start of the file. */
type Row = readonly [code: FaultCode, path: string, find: string, put: string, at: string | null];

const S = "service.yaml";
const T = "tables/pension-age.yaml";
const CY = "words.cy.yaml";

const READING: readonly Row[] = [
  ["definition/syntax", S, "controller: authority", "controller: [authority", null],
  [
    "definition/anchor",
    S,
    "class: personal\n    accept: [credential registrar",
    "class: &c personal\n    accept: [credential registrar",
    "personal\n    accept: [credential registrar",
  ],
  ["definition/anchor", S, "keep: P1D after replaced", "keep: *k", "*k"],
  ["definition/tag", S, "lgsl: 273", "lgsl: !!int 273", "273"],
  [
    "definition/duplicate-key",
    S,
    "  review: waiting",
    "  review: waiting\n  review: live",
    "review: live",
  ],
  ["definition/float", S, 'version: "2026-04"', "version: 2026.04", "2026.04"],
  ["definition/float", T, "years: 65", "years: 65.5", "65.5"],
  ["definition/float", S, "lgsl: 273", "lgsl: 99999999999999999999", "99999999999999999999"],
  ["definition/unknown-key", S, "  as-at: apply", "  as-at: apply\n  asap: yes", "asap"],
  ["definition/missing-key", S, "controller: authority\n", "", "service: bus-pass"],
  ["definition/missing-key", T, "source: Pensions", "sources: Pensions", "table: pension-age"],
  ["definition/wrong-shape", S, "lgsl: 273", "lgsl: many", "many"],
  ["definition/wrong-shape", S, "ended: end", "ended: gone", "gone"],
  ["definition/bad-name", S, "  evidence: waiting", "  Evidence!: waiting", "Evidence!"],
  ["definition/bad-name", S, "grant: {passUntil:", "grant: {constructor:", "constructor"],
  [
    "definition/duplicate-name",
    S,
    "grant: {passUntil:",
    "grant: {residence:",
    'residence: "addMonths',
  ],
  [
    "definition/bad-date",
    T,
    "effective-from: 2014-05-14",
    "effective-from: 2014-05-32",
    "2014-05-32",
  ],
  ["definition/bad-duration", S, "after: 10 working-days", "after: ten days", "ten days"],
  ["definition/bad-duration", S, "keep: P1D after replaced", "keep: P1D", "P1D"],
];

const EXPRESSIONS: readonly Row[] = [
  [
    "definition/expression-syntax",
    S,
    "need: entitledFrom <= asAt",
    "need: entitledFrom <= <= asAt",
    "entitledFrom <= <=",
  ],
  [
    "definition/expression-too-long",
    S,
    "need: entitledFrom <= asAt",
    `need: ${"entitledFrom <= asAt && ".repeat(6)}true`,
    "entitledFrom <= asAt &&",
  ],
  ["definition/not-in-profile", S, "need: entitledFrom <= asAt", 'need: "1.5 < 2.5"', '"1.5'],
  [
    "definition/not-in-profile",
    S,
    "need: entitledFrom <= asAt",
    'need: "timestamp(1) < timestamp(2)"',
    '"timestamp',
  ],
  [
    "definition/not-in-profile",
    S,
    "need: entitledFrom <= asAt",
    "need: residence.authority.matches('E.*')",
    "residence.authority.matches",
  ],
  [
    "definition/not-in-profile",
    S,
    "need: residence.soleOrPrincipal",
    "need: has(residence.soleOrPrincipal)",
    "has(residence",
  ],
  [
    "definition/not-in-profile",
    S,
    "need: residence.soleOrPrincipal",
    'need: "size(authority.areas.map(a, a)) > 0"',
    '"size(authority',
  ],
  [
    "definition/plain-hash",
    S,
    "passUntil: passUntil}",
    "passUntil: passUntil, ref: sha256(residence.authority)}",
    "sha256(",
  ],
  [
    "definition/nested-loop",
    S,
    "need: residence.soleOrPrincipal",
    'need: "authority.areas.all(a, authority.areas.exists(b, a == b))"',
    '"authority.areas.all',
  ],
  [
    "definition/undeclared-name",
    S,
    "need: entitledFrom <= asAt",
    "need: entitledfrom <= asAt",
    "entitledfrom <=",
  ],
  [
    "definition/undeclared-name",
    S,
    "need: residence.soleOrPrincipal",
    "need: residence.main",
    "residence.main",
  ],
  [
    "definition/undeclared-name",
    S,
    "born: dateOfBirth}}   # whatever",
    "born: passUntil}}   # whatever",
    "passUntil}}   # whatever",
  ],
  ["definition/undeclared-name", S, "from: review\n", "from: reviewed\n", "settle:"],
  ["definition/undeclared-name", S, "tell: [entitledFrom]", "tell: [age]", "{need: entitledFrom"],
  [
    "definition/undeclared-name",
    S,
    "wales: {table: age-of-sixty",
    "wales: {table: age-of-fifty",
    "entitledFrom:\n",
  ],
  [
    "definition/type-mismatch",
    S,
    "need: entitledFrom <= asAt",
    "need: entitledFrom <= 60",
    "entitledFrom <= 60",
  ],
  [
    "definition/type-mismatch",
    S,
    "need: entitledFrom <= asAt",
    "need: entitledFrom",
    "entitledFrom, else",
  ],
  ["definition/type-mismatch", S, "sex: \"'female'\"", "sex: \"'woman'\"", "\"'woman'\""],
  [
    "definition/type-mismatch",
    S,
    "need: residence.soleOrPrincipal",
    "need: jurisdiction == 'scotland'",
    "jurisdiction == 'scotland'",
  ],
  [
    "definition/type-mismatch",
    S,
    "need: residence.soleOrPrincipal",
    "need: residence",
    "residence, else",
  ],
  [
    "definition/type-mismatch",
    S,
    "with: {sex: \"'female'\", born: dateOfBirth}",
    "with: {born: dateOfBirth}",
    "entitledFrom:\n",
  ],
  [
    "definition/bad-date",
    S,
    "need: entitledFrom <= asAt",
    "need: entitledFrom <= date('2026-02-30')",
    "entitledFrom <= date",
  ],
];

const TABLES: readonly Row[] = [
  [
    "definition/table-cell",
    T,
    "{sex: male, bornTo: 1953-12-05",
    "{sex: men, bornTo: 1953-12-05",
    "men, bornTo",
  ],
  [
    "definition/table-cell",
    T,
    "bornFrom: 1950-04-06, bornTo: 1950-05-05",
    "bornFrom: 1950-05-05, bornTo: 1950-04-06",
    "{sex: female, bornFrom: 1950-05-05",
  ],
  ["definition/table-gap", T, "bornTo: 1950-05-05", "bornTo: 1950-05-04", "table: pension-age"],
  [
    "definition/table-gap",
    T,
    "{sex: any, bornFrom: 1978-04-06, years",
    "{sex: any, bornFrom: 1978-04-06, bornTo: 2000-01-01, years",
    "table: pension-age",
  ],
  [
    "definition/table-gap",
    T,
    "{sex: any, bornFrom: 1953-12-06",
    "{sex: female, bornFrom: 1953-12-06",
    "table: pension-age",
  ],
  [
    "definition/table-overlap",
    T,
    "bornTo: 1950-05-05",
    "bornTo: 1950-05-06",
    "{sex: female, bornFrom: 1950-05-06",
  ],
  [
    "definition/table-overlap",
    T,
    "{sex: male, bornTo: 1953-12-05",
    "{sex: any, bornTo: 1953-12-05",
    "{sex: female, bornTo: 1950-04-05",
  ],
  [
    "definition/table-value",
    T,
    "bornTo: 1950-05-05, date: 2010-05-06",
    "bornTo: 1950-05-05, years: 60",
    "{sex: female, bornFrom: 1950-04-06",
  ],
];

const LEDGER: readonly Row[] = [
  [
    "definition/personal-on-ledger",
    S,
    "  state:\n    law: issue",
    "  authority:\n    law: issue",
    "residence.soleOrPrincipal, else",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "on: passUntil, to: ended, kept-by: authority",
    "on: entitledFrom, to: ended",
    "entitledFrom, to: ended}",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "notice: stopped}",
    "notice: stopped, reason: residence.authority}",
    "residence.authority}",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "{by: applicant, to: applied, gives: [dateOfBirth, residence]}",
    "{by: applicant, to: applied, gives: [dateOfBirth, residence], tags: {area: residence.authority}}",
    "residence.authority}}",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "challenge:",
    "queues: {young: dateOfBirth > date('1960-01-01')}\nchallenge:",
    "dateOfBirth > date",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "challenge:",
    "kpis: {homes: residence.soleOrPrincipal}\nchallenge:",
    "residence.soleOrPrincipal}",
  ],
  [
    "definition/personal-on-ledger",
    S,
    "challenge:",
    'postings: {fee: "entitledFrom <= asAt ? 0 : 500"}\nchallenge:',
    '"entitledFrom <=',
  ],
  [
    "definition/personal-on-ledger",
    S,
    "[credential council/residence, document seen-by officer]",
    "[{proof: credential council/residence, when: residence.soleOrPrincipal}]",
    "residence.soleOrPrincipal}",
  ],
  [
    "definition/special-on-ledger",
    S,
    "    class: personal\n    accept: [credential registrar",
    "    class: special\n    accept: [credential registrar",
    "entitledFrom <= asAt",
  ],
  [
    "definition/special-on-ledger",
    S,
    "    class: personal\n    accept: [credential registrar",
    "    class: criminal\n    accept: [credential registrar",
    "entitledFrom <= asAt",
  ],
];

const PROCESS: readonly Row[] = [
  [
    "definition/no-opening",
    S,
    "apply: {by: applicant, to",
    "apply: {by: applicant, from: ended, to",
    "service: bus-pass",
  ],
  [
    "definition/unreachable-state",
    S,
    "to: evidence, notice: need-more",
    "to: applied, notice: need-more",
    "evidence: waiting",
  ],
  ["definition/trap-state", S, "  ended: end", "  ended: live", "ended: live"],
  [
    "definition/trap-state",
    S,
    "from: [applied, evidence, issued], to",
    "from: [applied, evidence, issued, ended], to",
    "ended: end",
  ],
  [
    "definition/no-timer",
    S,
    "  - {in: review, after: 20 working-days, alarm: reviewer}\n",
    "",
    "review: waiting",
  ],
  [
    "definition/no-challenge",
    S,
    "challenge: {first: review, then:",
    "challenge: {first: review} #",
    "ended}",
  ],
  [
    "definition/no-human-review",
    S,
    "human-review: review}",
    "human-review: stop}",
    "service: bus-pass",
  ],
  [
    "definition/no-human-review",
    S,
    "    reviews: decide ",
    "    # reviews: decide ",
    "service: bus-pass",
  ],
];

const FOLLOWED: readonly Row[] = [
  ["definition/bad-name", S, 'version: "2026-04"', 'version: "April 2026"', '"April 2026"'],
  [
    "definition/undeclared-name",
    S,
    "within: P28D after served decide",
    "within: P28D after decided",
    "P28D after decided",
  ],
  [
    "definition/wrong-shape",
    S,
    "officer: {is: staff, of: authority}",
    "officer: {is: staff}",
    "officer: {is",
  ],
  [
    "definition/wrong-shape",
    S,
    "operator: {is: member, holds",
    "operator: {is: member, of: authority, holds",
    "operator: {is",
  ],
  [
    "definition/wrong-shape",
    S,
    "by: applicant, to: applied, gives",
    "by: applicant, to: {grant: applied, refuse: ended}, gives",
    "apply: {by",
  ],
  [
    "definition/wrong-shape",
    S,
    "after: P28D, do: stop",
    "after: P28D, do: settle",
    "{in: evidence",
  ],
];

const LAW: readonly Row[] = [
  [
    "definition/no-power",
    S,
    'tell:\n    power: {england: "Transport Act 2000 s.145A(4)", wales: "Transport Act 2000 s.145B"}',
    'tell:\n    power: {england: "Transport Act 2000 s.145A(4)"}',
    "tell:\n    power",
  ],
  [
    "definition/no-recipient",
    S,
    "    accept: [credential registrar/date-of-birth, document seen-by officer]\n    seen-by: {authority: issue}\n",
    "    accept: [credential registrar/date-of-birth, document seen-by officer]\n",
    "dateOfBirth:\n",
  ],
  [
    "definition/no-keep",
    S,
    "    keep: P3M after decided             # then",
    "    # then",
    "dateOfBirth:\n",
  ],
  ["definition/no-keep", S, "    keep: P1D after replaced\n", "", "hotlist:"],
  [
    "definition/no-condition",
    S,
    "    class: personal\n    accept: [credential registrar",
    "    class: special\n    accept: [credential registrar",
    "issue:\n",
  ],
  [
    "definition/no-condition",
    S,
    "    class: personal\n    accept: [credential council",
    "    class: criminal\n    accept: [credential council",
    "issue:\n",
  ],
  ["definition/no-gateway", S, "    gateway: hotlist ", "    # gateway: hotlist ", "hotlist:"],
];

const WORDS_AND_TESTS: readonly Row[] = [
  ["definition/missing-words", CY, "    ended: Ar gau\n", "", "language: cy"],
  [
    "definition/unused-words",
    CY,
    "    ended: Ar gau\n",
    "    ended: Ar gau\n    lost: Ar goll\n",
    "lost:",
  ],
  ["definition/words-differ", CY, "{entitledFrom}", "yfory", "too-young: Gallwch"],
  ["definition/words-differ", "words.en.yaml", "{entitledFrom}", "{age}", "too-young: You can"],
  ["definition/welsh-equal", CY, "pass: Tocyn bws", "pass: Bus pass", "pass: Bus pass"],
  ["definition/welsh-unchecked", CY, "notice: Nid", "# Nid", "language: cy"],
  [
    "definition/missing-test",
    "tests.yaml",
    "expect: {outcome: refused, reason: another-authority}",
    "expect: {outcome: refused}",
    null,
  ],
  [
    "definition/bad-test",
    "tests.yaml",
    "count: 80",
    "count: 81",
    "file: tests/official/cases.json\n    count: 81",
  ],
  [
    "definition/bad-test",
    "tests.yaml",
    "file: tests/official/cases.json\n    count: 80",
    "file: tests/missing.json\n    count: 80",
    "tests/missing.json",
  ],
];

const ROWS = [
  ...READING,
  ...EXPRESSIONS,
  ...TABLES,
  ...LEDGER,
  ...PROCESS,
  ...FOLLOWED,
  ...LAW,
  ...WORDS_AND_TESTS,
];
const files = serviceFiles("bus-pass");

test.each(ROWS)("%s: %s, %s", (code, path, find, put, at) => {
  const broken = mended(files, { path, find, put });
  const compilation = compileService(broken);
  expect(compilation.ok).toBe(false);
  if (compilation.ok) return;
  const found = compilation.faults.filter((fault) => fault.code === code);
  expect(found.map((fault) => fault.code)).toContain(code);
  for (const fault of compilation.faults) {
    expect(fault.line).toBeGreaterThan(0);
    expect(fault.mend).not.toBe("");
  }
  if (at === null) return;
  const text = broken.find((file) => file.path === path)?.text ?? "";
  const before = text.slice(0, indexOnce(text, at)).split("\n");
  const place = { file: path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  expect(found.map(({ file, line, column }) => ({ file, line, column }))).toContainEqual(place);
});

/** The first place where the text stands at the beginning of something, not inside a word. */
const indexOnce = (text: string, at: string): number => {
  const index = text.indexOf(at);
  if (index < 0) throw new Error(`"${at}" does not stand in the broken file`);
  return index;
};

/** Refusals that need more than one text exchanged, or no text at all; their tests stand elsewhere. */
const ELSEWHERE: readonly FaultCode[] = [
  "definition/file-missing",
  "definition/too-large",
  "definition/csv",
  "definition/not-canonical",
];

test("every refusal has a row", () => {
  const covered = new Set<FaultCode>([...ROWS.map(([code]) => code), ...ELSEWHERE]);
  expect(FAULT_CODES.filter((code) => !covered.has(code))).toEqual([]);
});
