import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isTest, root, sourcesIn } from "./sources.ts";

/** Longest file and longest line that a reader should have to hold (STYLE.md 3). */
const MAX_LINES = 400;
const MAX_COLUMNS = 100;

const everywhere = ["packages", "apps", "services", "test", "scripts"].flatMap((folder) =>
  sourcesIn(folder),
);
const product = everywhere.filter((source) => !isTest(source.path));

test("no file is longer than a reader can hold", () => {
  const long = product
    .map((source) => ({ path: source.path, lines: source.text.split("\n").length - 1 }))
    .filter((source) => source.lines > MAX_LINES)
    .map((source) => `${source.path}: ${source.lines} lines`);
  expect(long).toEqual([]);
});

test("no line runs over the margin, unless it is one long literal", () => {
  const wide = product.flatMap((source) =>
    source.text
      .split("\n")
      .map((line, index) => ({ line, at: `${source.path}:${index + 1}` }))
      .filter(({ line }) => line.length > MAX_COLUMNS && !/["'`][^"'`]{40,}["'`]/.test(line))
      .map(({ at }) => at),
  );
  expect(wide).toEqual([]);
});

test("an index holds explicit exports and nothing else", () => {
  const wrong = product
    .filter((source) => source.path.endsWith("/index.ts"))
    .flatMap((source) =>
      statementsOf(source.text)
        .filter((statement) => !/^export (type )?\{/.test(statement))
        .map((statement) => `${source.path}: ${statement.slice(0, 60)}`),
    );
  expect(wrong).toEqual([]);
});

test("nothing is left for later in a comment", () => {
  const left = everywhere
    .filter((source) => !source.path.startsWith("test/tidy/"))
    .filter((source) => /\b(TODO|FIXME|XXX)\b/.test(source.text))
    .map((source) => source.path);
  expect(left).toEqual([]);
});

test("no test is skipped or singled out by hand", () => {
  const odd = everywhere
    .filter((source) => source.path.includes(".test."))
    .filter((source) => /\b(test|it|describe)\.(only|skip|todo)\(/.test(source.text))
    .map((source) => source.path)
    .filter((path) => !path.startsWith("test/tidy/"));
  expect(odd).toEqual([]);
});

test("the lock file names no registry host", () => {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  expect(/https?:\/\/[^"]*registry/.test(lock)).toBe(false);
});

const statementsOf = (text: string): string[] =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
