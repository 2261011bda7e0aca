import type { Faults } from "../fault.ts";
import type { ReadWords } from "../read/read-words.ts";
import type { Named, Service } from "../service.ts";
import { factPaths } from "./check-names.ts";

/**
 * Everything that a person would read has words in both languages, and the Welsh is Welsh.
 * Faults: definition/missing-words, unused-words, words-differ, welsh-equal, welsh-unchecked.
 */
export function checkWords(
  service: Service,
  english: ReadWords,
  welsh: ReadWords,
  faults: Faults,
): void {
  const wanted = wantedWords(service);
  for (const words of [english, welsh]) checkKeys(words, wanted, faults);
  for (const words of [english, welsh]) checkBlanks(service, words, faults);
  for (const [key, { text, at }] of welsh.entries) {
    const same = english.entries.get(key);
    if (same === undefined) continue;
    if (same.text.trim() === text.trim()) {
      const what = `the Welsh of ${key} is the English`;
      faults.add(at, "definition/welsh-equal", what, "translate it");
    }
    if (blanksOf(same.text).join() !== blanksOf(text).join()) {
      const what = `the Welsh of ${key} fills in other values than the English`;
      faults.add(
        at,
        "definition/words-differ",
        what,
        `use ${blanksOf(same.text).join(", ") || "none"}`,
      );
    }
  }
  if (!welsh.checked && (welsh.notice ?? "").trim() === "") {
    const what = "nobody has checked the Welsh, and nothing tells its readers so";
    const mend = "add notice: with a sentence, in Welsh, that is shown above it";
    faults.add(welsh.at, "definition/welsh-unchecked", what, mend);
  }
}

/** The keys of all words that the service needs. */
function wantedWords(service: Service): ReadonlySet<string> {
  const { actions, decide, disclosures, facts } = service;
  const groups = facts.filter((fact) => fact.type.kind === "group");
  return new Set([
    "title",
    ...keyed("roles", namesOf(service.roles)),
    ...keyed("facts", [...namesOf(groups), ...factPaths(facts)]),
    ...keyed("values", namesOf([...service.workings, ...decide.grant])),
    ...keyed(
      "reasons",
      decide.checks.map(({ otherwise }) => otherwise),
    ),
    ...keyed("states", namesOf(service.states)),
    ...keyed("actions", namesOf(actions)),
    ...keyed(
      "notices",
      actions.map(({ notice }) => notice),
    ),
    ...keyed("gives", namesOf(service.gives)),
    ...keyed("disclosures", namesOf(disclosures)),
    ...keyed(
      "purposes",
      disclosures.map(({ why }) => why),
    ),
  ]);
}

const namesOf = (named: readonly Named[]): readonly string[] => named.map((one) => one.name);

const keyed = (section: string, names: readonly (string | null)[]): readonly string[] =>
  names.flatMap((name) => (name === null ? [] : [`${section}.${name}`]));

function checkKeys(words: ReadWords, wanted: ReadonlySet<string>, faults: Faults): void {
  for (const key of wanted) {
    if ((words.entries.get(key)?.text ?? "").trim() !== "") continue;
    const what = `there are no words for ${key}`;
    const at = words.entries.get(key)?.at ?? words.at;
    faults.add(at, "definition/missing-words", what, "add them under words:");
  }
  for (const [key, { at }] of words.entries) {
    if (wanted.has(key)) continue;
    const what = `nothing in the service is called ${key}`;
    faults.add(at, "definition/unused-words", what, "take it out, or mend the name");
  }
}

/** What words may fill in: a reason what its check tells, a notice any working or grant. */
function checkBlanks(service: Service, words: ReadWords, faults: Faults): void {
  const values = [...service.workings, ...service.decide.grant].map((one) => one.name);
  for (const [key, { text, at }] of words.entries) {
    const reason = key.startsWith("reasons.") ? key.slice("reasons.".length) : null;
    const told = service.decide.checks.filter((check) => check.otherwise === reason);
    const allowed = key.startsWith("notices.") ? values : told.flatMap((check) => check.tell);
    for (const blank of blanksOf(text)) {
      if (allowed.includes(blank)) continue;
      const what = `{${blank}} is not told here`;
      const mend = reason === null ? `use ${allowed.join(", ") || "none"}` : "add it to tell:";
      faults.add(at, "definition/words-differ", what, mend);
    }
  }
}

/** The names in {braces}, in alphabetical order. */
const blanksOf = (text: string): readonly string[] =>
  text
    .split("{")
    .slice(1)
    .map((part) => part.slice(0, Math.max(0, part.indexOf("}"))))
    .sort();
