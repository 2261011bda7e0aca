import type { Capacity, Place, Transaction } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import { tellMessage } from "./clauses.ts";
import type { Names } from "./names.ts";
import { sayList, sayTime } from "./words.ts";

/** A transaction in plain English, whole and in its parts. Holds nothing about a person. */
export interface Telling {
  /** "On 4 May 2026 at 09:00:00, Avonbridge City Council, at City Hall, decided …". */
  readonly sentence: string;
  readonly who: string;
  readonly did: string;
  readonly where: string;
  readonly when: string;
  readonly why: string | null;
  readonly power: string | null;
}

type Told = Pick<Transaction, "algorithm" | "keyId" | "payload">;

/** Tells what was recorded; `timeMs` is its block's time. What `names` lacks stays an id. */
export const tellTransaction = (
  transaction: Told,
  options: { readonly names: Names; readonly timeMs: number | bigint },
): Telling => {
  const { names, timeMs } = options;
  const { payload } = transaction;
  const clauses = payload.messages.map((message) => tellMessage(message, names));
  const who = `${sayWho(transaction, names)}${sayCapacity(payload.capacity)}`;
  const where = sayWhere(payload.place, names);
  const when = sayTime(timeMs);
  const did = sayList([...new Set(clauses.map((clause) => clause.did))]);
  const why = joined(clauses.map((clause) => clause.why));
  const power = joined(clauses.map((clause) => clause.power));
  const because = sayBecause(why);
  const under = power === null ? "" : `. Power: ${power}`;
  const sentence = `On ${when}, ${who}, ${where}, ${did}${because}${under}.`;
  return { sentence, who, did, where, when, why, power };
};

const PURPOSE = /^(so that|to|in order to)\b/i;

/** A reason as the end of a sentence: ", because …", or ", so that …" where it is a purpose. */
export const sayBecause = (why: string | null): string => {
  if (why === null) return "";
  return PURPOSE.test(why) ? `, ${why.charAt(0).toLowerCase()}${why.slice(1)}` : `, because ${why}`;
};

const joined = (parts: readonly (string | null)[]): string | null => {
  const said = [...new Set(parts.filter((part) => part !== null))];
  return said.length === 0 ? null : said.join("; ");
};

const sayWho = ({ algorithm, keyId }: Told, names: Names): string => {
  const id = toHex(keyId);
  const known = names.signer(id);
  if (known !== null) return known;
  const kind = algorithm === -9 ? "a person" : "a body";
  return `${kind} known by the key ${id.slice(0, 8)}`;
};

const sayCapacity = (capacity: Capacity): string => {
  switch (capacity.kind) {
    case "self":
      return "";
    case "mandate":
      return ", acting for somebody else under a mandate";
    case "assisted":
      return ", helped by an officer";
    case "portal":
      return ", through a portal that recorded the instruction";
  }
};

const DEGREES_E7 = 10_000_000;

/** "at City Hall", "in Avonbridge": as the signer claims. */
export const sayWhere = (place: Place, names: Names): string => {
  switch (place.kind) {
    case "site":
      return `at ${names.site(place.siteId) ?? `the site ${place.siteId}`}`;
    case "uprn":
      return `at the property ${place.uprn}`;
    case "grid":
      return `in the grid square ${place.reference}`;
    case "coordinates":
      return (
        `within ${place.precisionMetres} m of ${Number(place.latitudeE7) / DEGREES_E7}, ` +
        `${Number(place.longitudeE7) / DEGREES_E7}`
      );
    case "area":
      return `in ${names.area(place.code) ?? `the area ${place.code}`}`;
  }
};
