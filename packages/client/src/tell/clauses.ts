import {
  type AgreementTerms,
  decodeDefinition,
  type Message,
  type MessageOf,
  type MessageType,
  type TableVersion,
} from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import type { Names } from "./names.ts";
import { sayDay, sayField, sayList, sayName, sayTime } from "./words.ts";

/** What one message did, in words that follow "who": "accepted the agreement …". */
export interface Clause {
  readonly did: string;
  readonly why: string | null;
  readonly power: string | null;
}

type Teller<T extends MessageType> = (message: MessageOf<T>, names: Names) => Clause;

const plain = (did: string, power: string | null = null, why: string | null = null): Clause => ({
  did,
  why,
  power,
});

const member = (names: Names, id: string): string => names.member(id) ?? id;
const members = (names: Names, ids: readonly string[]): string =>
  sayList(ids.map((id) => member(names, id)));
const areas = (names: Names, codes: readonly string[]): string =>
  codes.length === 0 ? "no area" : sayList(codes.map((code) => names.area(code) ?? code));
const short = (bytes: Uint8Array): string => toHex(bytes).slice(0, 8);

const serviceOf = (names: Names, definition: Uint8Array): string => {
  const known = names.service(toHex(definition));
  return known === null
    ? `the service ${short(definition)}`
    : `the ${sayName(known.service)} service (${known.version})`;
};

const powerOf = (names: Names, definition: string | null): string | null =>
  definition === null ? null : (names.service(definition)?.power ?? null);

/** `case 1a2b3c4d of the bus pass service`. */
const caseOf = (names: Names, caseId: Uint8Array): string => {
  const definition = names.definitionOfCase(toHex(caseId));
  const known = definition === null ? null : names.service(definition);
  const service = known === null ? "" : ` of the ${sayName(known.service)} service`;
  return `case ${short(caseId)}${service}`;
};

const casePower = (names: Names, caseId: Uint8Array): string | null =>
  powerOf(names, names.definitionOfCase(toHex(caseId)));

const tellTerms = (terms: AgreementTerms, names: Names): string =>
  `the agreement “${terms.name}”, under which ${members(names, terms.controllers)} may tell ` +
  `${members(names, terms.recipients)} ${sayList(terms.disclosed.map(sayField))}`;

const agreementOf = (names: Names, id: string): string => {
  const known = names.agreement(id);
  return known === null ? `the agreement ${id}` : `the agreement “${known.name}”`;
};

const sayTables = (tables: readonly TableVersion[]): string =>
  sayList(tables.map(({ name, version }) => `${sayName(name)} ${version}`));

/** `tallystick:registrar/date-of-birth` is "“date of birth” (tallystick:registrar)". */
const sayType = (vct: string): string => {
  const slash = vct.lastIndexOf("/");
  if (slash < 0) return `“${sayName(vct)}”`;
  return `“${sayName(vct.slice(slash + 1))}” (${vct.slice(0, slash)})`;
};

/** One row a message: what it is called in plain English. */
const TELLERS: { readonly [T in MessageType]: Teller<T> } = {
  "members/add-staff-key": (m, names) =>
    plain(
      `gave ${sayName(m.pseudonym)} (${sayName(m.role)}) of ${member(names, m.member)} ` +
        "a key to sign with",
    ),
  "members/remove-staff-key": (m, names) =>
    plain(`took a key from a member of staff of ${member(names, m.member)}`),
  "members/add-site": (m, names) =>
    plain(`registered “${m.name}” as a site of ${member(names, m.member)}`),
  "agreements/publish": (m, names) =>
    plain(`published ${tellTerms(m.terms, names)}`, m.terms.power, m.terms.purpose),
  "agreements/accept": (m, names) =>
    plain(`accepted ${agreementOf(names, m.id)}`, names.agreement(m.id)?.power ?? null),
  "agreements/end": (m, names) =>
    plain(`ended ${agreementOf(names, m.id)} after ${sayDay(m.endDay)}`),
  "services/publish": (m) => {
    const known = decodeDefinition(m.definition);
    const service =
      known === null ? "a service" : `the ${sayName(known.service)} service (${known.version})`;
    return plain(`proposed the rules of ${service} and voted for them`);
  },
  "services/vote": (m, names) => plain(`voted for the rules of ${serviceOf(names, m.definition)}`),
  "services/adopt": (m, names) =>
    plain(
      `adopted ${serviceOf(names, m.definition)} for ${areas(names, m.areas)} ` +
        `from ${sayDay(m.inForceFromDay)}`,
      null,
      `its own decision says so: ${m.minute}`,
    ),
  "services/open": (m, names) =>
    plain(
      `opened case ${short(m.case)} of ${serviceOf(names, m.definition)} ` +
        `with ${member(names, m.authority)} (${sayName(m.action)})`,
      powerOf(names, toHex(m.definition)),
    ),
  "services/act": (m, names) =>
    plain(`took the step “${sayName(m.action)}” in ${caseOf(names, m.case)}`),
  "services/decide": (m, names) =>
    plain(
      `decided ${caseOf(names, m.case)}: ${sayName(m.outcome)}`,
      casePower(names, m.case),
      m.tables.length === 0
        ? "the published rule says so"
        : `the published rule says so, by ${sayTables(m.tables)}`,
    ),
  "services/disclose": (m, names) =>
    plain(
      `passed “${sayName(m.disclosure)}” from ${caseOf(names, m.case)} to ` +
        `${member(names, m.recipient)}, sealed, to be acknowledged by ` +
        sayTime(m.acknowledgeByMs),
      m.agreement === null
        ? casePower(names, m.case)
        : (names.agreement(m.agreement)?.power ?? null),
      m.agreement === null ? null : `${agreementOf(names, m.agreement)} allows it`,
    ),
  "services/acknowledge": (m, names) =>
    plain(
      `acknowledged that what was passed on from ${caseOf(names, m.case)} arrived ` +
        "and is what was committed to",
    ),
  "services/draw": (m) => plain(`drew the decision ${short(m.act)} for the auditor by lot`),
  "services/open-to-auditor": (m, names) =>
    plain(`opened the drawn decision ${short(m.act)} to ${member(names, m.auditor)}, sealed`),
  "services/finding": (m) =>
    plain(
      m.agrees
        ? `replayed the decision ${short(m.act)} and agrees with it`
        : `replayed the decision ${short(m.act)} and does not agree with it`,
    ),
  "services/erase": (m, names) =>
    plain(`destroyed the key to what ${member(names, m.holder)} held in ${caseOf(names, m.case)}`),
  "credentials/accredit": (m, names) =>
    plain(
      `accredited ${member(names, m.issuer)} to issue ${sayType(m.vct)} ` +
        `at level ${sayName(m.level)}`,
    ),
  "credentials/withdraw": (m, names) =>
    plain(`withdrew from ${member(names, m.issuer)} the right to issue ${sayType(m.vct)}`),
  "credentials/status-list": (m, names) =>
    plain(`published status list ${m.version} of ${member(names, m.issuer)}`),
};

/** Tells one message. */
export const tellMessage = (message: Message, names: Names): Clause =>
  (TELLERS[message.type] as Teller<MessageType>)(message, names);
