import type { Decision, PlainValue } from "@tallystick/definitions";
import type { RuleNamed } from "./folder.ts";

type Words = ReadonlyMap<string, string>;

/** A decision in a sentence or three: what, why, by which rule and tables. */
export function sentenceOf(decision: Decision, words: Words, rule: RuleNamed): string {
  const tables = decision.tables.map((table) => `${table.name} ${table.version}`).join(", ");
  const by = `${rule.service} ${rule.version} (${rule.hash.slice(0, 16)}…)`;
  return `${verdictOf(decision, words)} Rule: ${by}${tables === "" ? "" : `; table: ${tables}`}.`;
}

const verdictOf = (decision: Decision, words: Words): string => {
  const known = { ...decision.workedOut, ...decision.gives };
  if (decision.outcome === "refused") {
    const reason = words.get(`reasons.${decision.reason}`) ?? `${decision.reason}.`;
    return `Refused: ${filled(reason, known)}`;
  }
  const values = Object.entries(known)
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) => `${(words.get(`values.${name}`) ?? name).toLowerCase()} ${plain(value)}`,
    )
    .join(", ");
  if (decision.outcome === "granted") return `Granted${values === "" ? "" : `: ${values}`}.`;
  return `Undecided: ${whyUndecided(decision, words)}`;
};

const whyUndecided = ({ reason, missing }: Decision, words: Words): string => {
  if (reason === "services/fact-missing") {
    const names = missing.map((path) => (words.get(`facts.${path}`) ?? path).toLowerCase());
    return `not known, so nothing is refused: ${names.join("; ")}.`;
  }
  if (reason === "services/no-authority") return "nobody is known who decides for that area.";
  if (reason === "services/table-not-in-force") return "a table is not in force on that day.";
  return "the rule's arithmetic left its range.";
};

/** The text with each {name} filled in. */
const filled = (text: string, values: Readonly<Record<string, PlainValue>>): string =>
  text.replaceAll(/\{([A-Za-z0-9]+)\}/g, (blank, name: string) => plain(values[name] ?? blank));

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** A value in words: a date as 1 March 2022. */
const plain = (value: PlainValue): string => {
  const date = typeof value === "string" ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  if (date === null) return String(value);
  return `${Number(date[3])} ${MONTHS[Number(date[2]) - 1]} ${date[1]}`;
};
