import type { Lie } from "./lie.ts";

const BEGIN = "<!-- subversion:begin -->";
const END = "<!-- subversion:end -->";

/** The lies as a Markdown table, one row each, in their order. */
export const tableOf = (lies: readonly Lie[]): string =>
  [
    "| The lie | Who tells it | What becomes of it | Evidence |",
    "| --- | --- | --- | --- |",
    ...lies.map((row) => `| ${row.lie} | ${row.teller} | ${row.verdict} | \`${row.evidence}\` |`),
  ].join("\n");

/** The page with the table between its two markers. Throws when a marker is not there once. */
export function withTable(page: string, table: string): string {
  const [before, rest, ...more] = page.split(BEGIN);
  const [, after, ...others] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`SECURITY.md needs ${BEGIN} and ${END} once each.`);
  }
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}
