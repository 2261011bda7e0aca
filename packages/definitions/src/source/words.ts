// Small recognisers. The pure rooms have no regular expressions, whose cost a text could choose.

const isSmall = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isLarge = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const every = (text: string, holds: (code: number) => boolean): boolean => {
  for (let at = 0; at < text.length; at += 1) if (!holds(text.charCodeAt(at))) return false;
  return true;
};

const MAX_NAME_CHARACTERS = 60;

/** A name of a state, role, action and so on: `older-person`, small letters, digits and hyphens. */
export const isName = (text: string): boolean =>
  text.length <= MAX_NAME_CHARACTERS &&
  isSmall(text.charCodeAt(0)) &&
  every(text, (code) => isSmall(code) || isDigit(code) || code === 0x2d);

/**
 * Words that the expression language keeps for itself, and the names that a rule or its answer is
 * given.
 */
const TAKEN: ReadonlySet<string> = new Set(
  (
    "as break const continue else false for function if import in let loop null package namespace " +
    "return true type var void while asAt jurisdiction row all exists map filter has size " +
    "constructor toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString " +
    "outcome reason missing rule tables"
  ).split(" "),
);

/** A version of a service or a table: `2026-04`. */
export const isVersion = (text: string): boolean =>
  text.length >= 1 &&
  text.length <= MAX_NAME_CHARACTERS &&
  every(text, (code) => isSmall(code) || isLarge(code) || (code >= 0x2d && code <= 0x3a));

/** A name of a fact, working, column or claim, as expressions use it: `dateOfBirth`. */
export const isFactName = (text: string): boolean =>
  text.length <= MAX_NAME_CHARACTERS &&
  (isSmall(text.charCodeAt(0)) || isLarge(text.charCodeAt(0))) &&
  every(text, (code) => isSmall(code) || isLarge(code) || isDigit(code)) &&
  !TAKEN.has(text);

/** A GSS area code: a capital letter and eight digits. */
export const isAreaCode = (text: string): boolean =>
  text.length === 9 && isLarge(text.charCodeAt(0)) && every(text.slice(1), isDigit);
