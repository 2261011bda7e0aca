import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MESSAGE_NUMBERS } from "./messages.ts";
import { REFUSALS } from "./refusals.ts";

const page = (name: string): string[] =>
  readFileSync(new URL(`../../../spec/${name}.md`, import.meta.url), "utf8").split("\n");

test("the page of refusals says what the code says, in its order", () => {
  const rows = page("refusals").filter((line) => line.startsWith("| `"));
  const wanted = Object.entries(REFUSALS).map(
    ([code, { what, mend }]) => `| \`${code}\` | ${what} | ${mend} |`,
  );
  expect(rows).toEqual(wanted);
});

test("the page of messages has every type with its number", () => {
  const rows = page("messages")
    .filter((line) => /^\| \d{3} \|/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim())
        .join(" "),
    );
  expect(rows).toEqual([...MESSAGE_NUMBERS].map(([type, number]) => `${number} ${type}`));
});
