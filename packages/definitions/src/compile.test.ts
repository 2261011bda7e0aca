import { decodeDefinition } from "@tallystick/ledger";
import { expect, test } from "vitest";
import { mended, serviceFiles } from "../../../test/support/service-files.ts";
import { compileService } from "./compile.ts";
import type { CompiledService, SourceFile } from "./compiled.ts";
import type { Fault } from "./fault.ts";
import { loadService } from "./load.ts";
import { runServiceTests } from "./run-tests.ts";
import { MAX_FILE_CHARACTERS } from "./source/read-yaml.ts";
import { wordingHash } from "./wording-hash.ts";

const files = serviceFiles("bus-pass");

const compiled = (from: readonly SourceFile[] = files): CompiledService => {
  const compilation = compileService(from);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.faults, null, 1));
  return compilation.compiled;
};

const faultsOf = (from: readonly SourceFile[]): readonly Fault[] => {
  const compilation = compileService(from);
  return compilation.ok ? [] : compilation.faults;
};

test("the bus pass compiles, stays readable, and its own tests pass", () => {
  const compilation = compileService(files);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.faults, null, 1));
  const lines = files.find((file) => file.path === "service.yaml")?.text.split("\n") ?? [];
  expect(lines.length - 1).toBeLessThanOrEqual(120);
  expect(compilation.warnings).toEqual([]);
  const results = runServiceTests(compilation.compiled, compilation.tests);
  expect(results.filter((result) => result.failure !== null)).toEqual([]);
  const official = results.filter((result) => result.name.includes("date, born"));
  expect(official.length).toBe(278);
});

test("a wrong row fails the official cases that it decides", () => {
  const wrong = mended(files, {
    path: "tables/pension-age.yaml",
    find: "bornTo: 1977-04-05, years: 67",
    put: "bornTo: 1977-04-05, years: 66",
  });
  const compilation = compileService(wrong);
  if (!compilation.ok) throw new Error("the table is still whole");
  const failed = runServiceTests(compilation.compiled, compilation.tests).filter(
    (result) => result.failure !== null,
  );
  expect(failed.length).toBeGreaterThan(0);
});

test("the ledger reads the process out of the same bytes", () => {
  const definition = decodeDefinition(compiled().bytes);
  expect(definition?.service).toBe("bus-pass");
  expect(definition?.lgsl).toBe(273n);
  const decide = definition?.process.actions.find((action) => action.name === "decide");
  expect(decide?.to).toEqual([
    { outcome: "grant", to: "issued" },
    { outcome: "refuse", to: "refused" },
  ]);
  const review = definition?.process.actions.find((action) => action.name === "review");
  expect(review?.within).toEqual({ duration: "P28D", trigger: "served decide" });
  expect(definition?.process.timers.map((timer) => timer.kind)).toEqual([
    ...["alarm", "do", "go-to", "alarm"],
  ]);
  expect(definition?.process.membersSee).toEqual(["state"]);
});

test("positions, words and tests leave no trace in the bytes; a rule does", () => {
  const { bytes } = compiled();
  const moved = files.map((file) => ({ ...file, text: `\n# moved\n${file.text}` }));
  const json = files.filter((file) => file.path.endsWith(".json"));
  const kept = moved.map((file) => json.find((one) => one.path === file.path) ?? file);
  expect(compiled(kept).bytes).toEqual(bytes);
  const reworded = mended(files, {
    path: "words.en.yaml",
    find: "gives:\n    pass: Bus",
    put: "gives:\n    pass: Free bus",
  });
  expect(compiled(reworded).bytes).toEqual(bytes);
  const changed = mended(files, {
    path: "service.yaml",
    find: "addMonths(asAt, 60)",
    put: "addMonths(asAt, 36)",
  });
  expect(compiled(changed).bytes).not.toEqual(bytes);
});

test("wordings are published beside the definition, the unchecked Welsh with its notice", () => {
  const compilation = compileService(files);
  const wordings = compilation.ok ? compilation.wordings : [];
  expect(wordings.map((wording) => wording.language)).toEqual(["en", "cy"]);
  expect(wordings[1]?.notice).toContain("wedi gwirio");
  const sha = { one: (bytes: Uint8Array) => bytes, pairs: () => new Uint8Array() };
  const [english] = wordings;
  if (english === undefined) throw new Error("no English");
  const hashed = new TextDecoder().decode(wordingHash(sha, english));
  expect(hashed.startsWith("tallystick/wording/v1")).toBe(true);
  const keys = wordings.map((wording) => wording.entries.map(([key]) => key).join());
  expect(keys[0]).toBe(keys[1]);
});

test("loading trusts published bytes no more than YAML", () => {
  const { bytes } = compiled();
  expect(loadService(bytes).ok).toBe(true);
  for (const wrong of [bytes.slice(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array()]) {
    const loading = loadService(wrong);
    expect(loading.ok ? [] : loading.faults.map((fault) => fault.code)).toEqual([
      "definition/not-canonical",
    ]);
  }
  const text = "residence.soleOrPrincipal";
  const at = Buffer.from(bytes).indexOf(text);
  const tampered = Uint8Array.from(bytes);
  tampered.set(new TextEncoder().encode("residence.soleOrPrincipax"), at);
  const loading = loadService(tampered);
  expect(loading.ok ? [] : loading.faults.map((fault) => fault.code)).toEqual([
    "definition/undeclared-name",
  ]);
});

test("every single changed byte is refused or makes another definition", () => {
  const { bytes } = compiled();
  for (let at = 0; at < bytes.length; at += 13) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const loading = loadService(changed);
    if (loading.ok) expect(loading.compiled.bytes).not.toEqual(bytes);
  }
});

test("a missing or too large file is refused", () => {
  for (const path of ["service.yaml", "words.cy.yaml", "tests.yaml", "tables/pension-age.yaml"]) {
    const faults = faultsOf(files.filter((file) => file.path !== path));
    expect(faults.map((fault) => fault.code)).toContain("definition/file-missing");
  }
  const large = { path: "tests.yaml", text: `# ${"x".repeat(MAX_FILE_CHARACTERS)}` };
  const faults = faultsOf(files.map((file) => (file.path === large.path ? large : file)));
  expect(faults.map((fault) => fault.code)).toContain("definition/too-large");
});

test("a table that would take too long to prove is refused", () => {
  const rows = Array.from({ length: 4_000 }, (_, at) => `${at + 1},\n`).join("");
  const faults = faultsOf(CSV_TABLE(`years,bornFrom\n${rows}`));
  expect(faults.map((fault) => fault.code)).toContain("definition/too-large");
});

test("a grant in each jurisdiction and a fact not known must be shown by tests", () => {
  const without = (find: string, put: string): readonly string[] =>
    faultsOf(
      files.map((file) =>
        file.path === "tests.yaml" ? { ...file, text: file.text.replaceAll(find, put) } : file,
      ),
    ).map((fault) => `${fault.code} ${fault.what}`);
  expect(without("body: W", "body: E")).toEqual([
    "definition/missing-test no test shows a grant in wales",
  ]);
  expect(without("outcome: undecided", "entitledFrom: ~")).not.toEqual([]);
});

const CSV_TABLE = (text: string): readonly SourceFile[] => {
  const path = "tables/age-of-sixty.yaml";
  const inCsv = mended(files, {
    path,
    find: "rows:\n  - {years: 60, months: 0}\n",
    put: "rows: sixty.csv\n",
  });
  return [...inCsv, { path: "tables/sixty.csv", text }];
};

test("a table in CSV is the table in YAML", () => {
  const csv = "bornFrom,bornTo,years,months\r\n,,60,0\r\n";
  expect(compiled(CSV_TABLE(csv)).bytes).toEqual(compiled().bytes);
  expect(compiled(CSV_TABLE('"bornFrom","bornTo","years","months"\n,,"60",0\n')).bytes).toEqual(
    compiled().bytes,
  );
});

test.each([
  ["definition/csv", "bornFrom,bornTo,years,months\n,,60\n", 2, 1],
  ["definition/csv", 'bornFrom,bornTo,years,months\n,,"60,0\n', 2, 3],
  ["definition/unknown-key", "bornFrom,bornTo,year,months\n,,60,0\n", 1, 17],
  ["definition/bad-date", "bornFrom,bornTo,years,months\n,1950-02-29,60,0\n", 2, 2],
  ["definition/wrong-shape", "bornFrom,bornTo,years,months\n,,6.5,0\n", 2, 3],
])("%s in a CSV table", (code, text, line, column) => {
  const faults = faultsOf(CSV_TABLE(text)).map((fault) => ({
    code: fault.code,
    file: fault.file,
    line: fault.line,
    column: fault.column,
  }));
  expect(faults).toContainEqual({ code, file: "tables/sixty.csv", line, column });
});

test("what no node runs yet compiles with a note", () => {
  const put = 'kpis: {decided: "1"}\nchallenge: {first: review, then:';
  const find = "challenge: {first: review, then:";
  const compilation = compileService(mended(files, { path: "service.yaml", find, put }));
  expect(compilation.ok && compilation.warnings.map((warning) => warning.code)).toEqual([
    "definition/not-run",
  ]);
});

test("special data needs both its condition and its paragraph, and still may not show", () => {
  const path = "service.yaml";
  const find = "    class: personal\n    accept: [credential registrar";
  const special = mended(files, { path, find, put: find.replace("personal", "special") });
  const codes = (conditions: string): readonly string[] => {
    const issue = "  issue:\n";
    const put = `${issue}${conditions}`;
    return faultsOf(mended(special, { path, find: issue, put })).map((fault) => fault.code);
  };
  const both = "    article9: health-or-social-care\n    schedule1: paragraph 2\n";
  expect(codes("    article9: health-or-social-care\n")).toContain("definition/no-condition");
  expect(codes("    schedule1: paragraph 2\n")).toContain("definition/no-condition");
  expect(codes(both)).toEqual(["definition/special-on-ledger"]);
});
