import { encode } from "@tallystick/ledger";
import type { SourceFile, Wording } from "../compiled.ts";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import { Reader } from "../source/reader.ts";
import { readSource } from "./read-service.ts";

export const LANGUAGES = ["en", "cy"] as const;

/** Words as they were read: each with its place, so that a fault can point at it. */
export interface ReadWords {
  readonly language: (typeof LANGUAGES)[number];
  readonly at: Position;
  /** True when a person who reads the language has checked the words. */
  readonly checked: boolean;
  readonly notice: string | null;
  readonly entries: ReadonlyMap<string, { readonly text: string; readonly at: Position }>;
}

/** Reads `words.en.yaml` or `words.cy.yaml`; null when it cannot be read. */
export function readWords(
  files: readonly SourceFile[],
  language: (typeof LANGUAGES)[number],
  faults: Faults,
): ReadWords | null {
  const node = readSource(files, `words.${language}.yaml`, faults);
  if (node === null) return null;
  const reader = new Reader(faults);
  const keys = reader.map(node, {
    required: ["language", "checked", "title", "words"],
    optional: ["notice"],
  });
  reader.oneOf(keys.get("language"), [language]);
  const title = keys.node("title");
  const entries = new Map([["title", { text: reader.text(title), at: title.at }]]);
  for (const section of reader.entries(keys.get("words"))) {
    for (const { name, at, value } of reader.entries(section.value, () => true)) {
      entries.set(`${section.name}.${name}`, { text: reader.text(value), at });
    }
  }
  return {
    language,
    at: node.at,
    checked: reader.truth(keys.get("checked")),
    notice: reader.optionalText(keys.get("notice")),
    entries,
  };
}

/** What is published of the words: CBOR [1, service, language, notice, [[key, text]…]]. */
export function wordingOf(service: string, words: ReadWords): Wording {
  const entries = [...words.entries]
    .map(([key, { text }]) => [key, text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { language, notice } = words;
  return { language, notice, entries, bytes: encode([1, service, language, notice, entries]) };
}
