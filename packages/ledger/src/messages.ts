import { type AgreementTerms, agreementTerms } from "./agreement-terms.ts";
import type { Cbor, CborInput } from "./cbor.ts";
import type { CoseKey } from "./keys.ts";
import { decodePlace, encodePlace, type Place } from "./place.ts";
import {
  area,
  bytes,
  coseKey,
  day,
  flag,
  hash,
  id16,
  list,
  name,
  natural,
  orNull,
  type RecordShape,
  record,
  type Shape,
  words,
} from "./shape.ts";

/** A name and the hash that stands for a subject under it: HMAC(scope key, scope ‖ subject). */
export interface ScopeTag {
  readonly name: string;
  readonly tag: Uint8Array;
}

/** One version of a dated table that a decision relied on. */
export interface TableVersion {
  readonly name: string;
  readonly version: string;
}

export interface AddStaffKey {
  readonly type: "members/add-staff-key";
  readonly member: string;
  readonly key: CoseKey;
  readonly role: string;
  readonly pseudonym: string;
}
export interface RemoveStaffKey {
  readonly type: "members/remove-staff-key";
  readonly member: string;
  readonly keyId: Uint8Array;
}
export interface AddSite {
  readonly type: "members/add-site";
  readonly member: string;
  readonly siteId: string;
  readonly name: string;
  readonly place: Place;
}
export interface PublishAgreement {
  readonly type: "agreements/publish";
  readonly id: string;
  readonly terms: AgreementTerms;
}
export interface AcceptAgreement {
  readonly type: "agreements/accept";
  readonly id: string;
}
export interface EndAgreement {
  readonly type: "agreements/end";
  readonly id: string;
  /** The last day on which it holds. */
  readonly endDay: number;
}
export interface PublishDefinition {
  readonly type: "services/publish";
  /** The compiled form: definition.ts decodes it. */
  readonly definition: Uint8Array;
}
export interface VoteForDefinition {
  readonly type: "services/vote";
  readonly definition: Uint8Array;
}
export interface AdoptDefinition {
  readonly type: "services/adopt";
  readonly definition: Uint8Array;
  readonly member: string;
  readonly areas: readonly string[];
  /** Where the body's own decision to adopt is recorded, for instance `Cabinet 2026-03-04 item 7`. */
  readonly minute: string;
  readonly inForceFromDay: number;
}
export interface OpenCase {
  readonly type: "services/open";
  readonly case: Uint8Array;
  readonly definition: Uint8Array;
  /** The deciding body: a member id. */
  readonly authority: string;
  readonly action: string;
  readonly commitment: Uint8Array;
  readonly tags: readonly ScopeTag[];
}
export interface ActInCase {
  readonly type: "services/act";
  readonly case: Uint8Array;
  readonly action: string;
  readonly commitment: Uint8Array | null;
}
export interface DecideCase {
  readonly type: "services/decide";
  readonly case: Uint8Array;
  readonly action: string;
  readonly outcome: string;
  readonly ruleHash: Uint8Array;
  readonly tables: readonly TableVersion[];
  readonly commitment: Uint8Array;
}
export interface Disclose {
  readonly type: "services/disclose";
  readonly case: Uint8Array;
  /** The name of a disclosure in the definition. */
  readonly disclosure: string;
  readonly recipient: string;
  /** The id of the agreement relied on, or null where the definition names no gateway. */
  readonly agreement: string | null;
  readonly commitment: Uint8Array;
  /** SHA-256 of the sealed envelope that travels between the nodes. */
  readonly envelope: Uint8Array;
  readonly acknowledgeByMs: bigint;
}
export interface Acknowledge {
  readonly type: "services/acknowledge";
  readonly case: Uint8Array;
  /** Transaction id and message index of the disclosure. */
  readonly disclosureId: Uint8Array;
  readonly messageIndex: bigint;
}
export interface DrawAct {
  readonly type: "services/draw";
  /** Transaction id of the decision. */
  readonly act: Uint8Array;
  /** The signed note, with the drawing member's cosignature among its signature lines. */
  readonly checkpoint: string;
  /** The name on that line, for instance `public-auditor/executor`. */
  readonly cosigner: string;
}
export interface OpenToAuditor {
  readonly type: "services/open-to-auditor";
  readonly act: Uint8Array;
  readonly auditor: string;
  readonly envelope: Uint8Array;
}
export interface RecordFinding {
  readonly type: "services/finding";
  readonly act: Uint8Array;
  readonly agrees: boolean;
  readonly findings: Uint8Array;
}
export interface EraseCase {
  readonly type: "services/erase";
  readonly case: Uint8Array;
  /** The member that destroyed its key to the case. */
  readonly holder: string;
}
export interface AccreditIssuer {
  readonly type: "credentials/accredit";
  readonly vct: string;
  readonly issuer: string;
  readonly level: string;
  readonly key: CoseKey;
}
export interface WithdrawIssuer {
  readonly type: "credentials/withdraw";
  readonly vct: string;
  readonly issuer: string;
}
export interface PublishStatusList {
  readonly type: "credentials/status-list";
  readonly issuer: string;
  readonly uri: string;
  /** 1 for the first, then one more each time. */
  readonly version: bigint;
  /** SHA-256 of the compressed list. */
  readonly list: Uint8Array;
}

/** Every message of protocol 1. */
export type Message =
  | AddStaffKey
  | RemoveStaffKey
  | AddSite
  | PublishAgreement
  | AcceptAgreement
  | EndAgreement
  | PublishDefinition
  | VoteForDefinition
  | AdoptDefinition
  | OpenCase
  | ActInCase
  | DecideCase
  | Disclose
  | Acknowledge
  | DrawAct
  | OpenToAuditor
  | RecordFinding
  | EraseCase
  | AccreditIssuer
  | WithdrawIssuer
  | PublishStatusList;

export type MessageType = Message["type"];
/** The message of one type, for instance `MessageOf<"services/open">`. */
export type MessageOf<T extends MessageType> = Extract<Message, { readonly type: T }>;

type FieldsOf<T extends MessageType> = Omit<MessageOf<T>, "type">;
interface Entry<T extends MessageType> {
  readonly number: bigint;
  readonly fields: RecordShape<FieldsOf<T>>;
}

/** A checkpoint note with a dozen cosignature lines is below 3,000 units. */
const MAX_CHECKPOINT_LENGTH = 8_000;
const MAX_TAGS = 8;
const MAX_TABLES = 32;

/** A place inside a message or genesis. */
export const place: Shape<Place> = { encode: encodePlace, decode: decodePlace };

const checkpoint: Shape<string> = {
  encode: (value) => value,
  decode: (cbor) =>
    typeof cbor === "string" && cbor.length <= MAX_CHECKPOINT_LENGTH ? cbor : undefined,
};

const tags = list(record<ScopeTag>({ name, tag: hash }), MAX_TAGS);
const tables = list(record<TableVersion>({ name, version: name }), MAX_TABLES);

const catalogue: { readonly [T in MessageType]: Entry<T> } = {
  "members/add-staff-key": {
    number: 101n,
    fields: record({ member: name, key: coseKey, role: name, pseudonym: name }),
  },
  "members/remove-staff-key": { number: 102n, fields: record({ member: name, keyId: hash }) },
  "members/add-site": {
    number: 103n,
    fields: record({ member: name, siteId: name, name: words, place }),
  },
  "agreements/publish": { number: 201n, fields: record({ id: name, terms: agreementTerms }) },
  "agreements/accept": { number: 202n, fields: record({ id: name }) },
  "agreements/end": { number: 203n, fields: record({ id: name, endDay: day }) },
  "services/publish": { number: 401n, fields: record({ definition: bytes }) },
  "services/vote": { number: 402n, fields: record({ definition: hash }) },
  "services/adopt": {
    number: 403n,
    fields: record({
      definition: hash,
      member: name,
      areas: list(area),
      minute: words,
      inForceFromDay: day,
    }),
  },
  "services/open": {
    number: 410n,
    fields: record({
      case: id16,
      definition: hash,
      authority: name,
      action: name,
      commitment: hash,
      tags,
    }),
  },
  "services/act": {
    number: 411n,
    fields: record({ case: id16, action: name, commitment: orNull(hash) }),
  },
  "services/decide": {
    number: 412n,
    fields: record({
      case: id16,
      action: name,
      outcome: name,
      ruleHash: hash,
      tables,
      commitment: hash,
    }),
  },
  "services/disclose": {
    number: 413n,
    fields: record({
      case: id16,
      disclosure: name,
      recipient: name,
      agreement: orNull(name),
      commitment: hash,
      envelope: hash,
      acknowledgeByMs: natural,
    }),
  },
  "services/acknowledge": {
    number: 414n,
    fields: record({ case: id16, disclosureId: hash, messageIndex: natural }),
  },
  "services/draw": { number: 415n, fields: record({ act: hash, checkpoint, cosigner: name }) },
  "services/open-to-auditor": {
    number: 416n,
    fields: record({ act: hash, auditor: name, envelope: hash }),
  },
  "services/finding": { number: 417n, fields: record({ act: hash, agrees: flag, findings: hash }) },
  "services/erase": { number: 418n, fields: record({ case: id16, holder: name }) },
  "credentials/accredit": {
    number: 601n,
    fields: record({ vct: name, issuer: name, level: name, key: coseKey }),
  },
  "credentials/withdraw": { number: 602n, fields: record({ vct: name, issuer: name }) },
  "credentials/status-list": {
    number: 603n,
    fields: record({ issuer: name, uri: name, version: natural, list: hash }),
  },
};

const typeByNumber: ReadonlyMap<bigint, MessageType> = new Map(
  (Object.keys(catalogue) as MessageType[]).map((type) => [catalogue[type].number, type]),
);

/** Each message type with its number on the wire. Numbers are never reused. */
export const MESSAGE_NUMBERS: ReadonlyMap<MessageType, bigint> = new Map(
  (Object.keys(catalogue) as MessageType[]).map((type) => [type, catalogue[type].number]),
);

/** What `decodeMessage` answers: the codes are those of fate (a), no leaf. */
export type DecodedMessage =
  | { readonly ok: true; readonly message: Message }
  | {
      readonly ok: false;
      readonly code: "transaction/unknown-message" | "transaction/malformed-message";
    };

/** A message as [type number, …fields], for instance [202, "hotlist"]. */
export const encodeMessage = (message: Message): readonly CborInput[] => {
  const { number, fields } = catalogue[message.type];
  return [number, ...(fields as RecordShape<object>).encode(message)];
};

/** The message in [type number, …fields]; refuses a field too many, too few or of another shape. */
export const decodeMessage = (cbor: Cbor): DecodedMessage => {
  if (!Array.isArray(cbor) || typeof cbor[0] !== "bigint") {
    return { ok: false, code: "transaction/malformed-message" };
  }
  const type = typeByNumber.get(cbor[0]);
  if (type === undefined) return { ok: false, code: "transaction/unknown-message" };
  const fields = (catalogue[type].fields as RecordShape<object>).decode(cbor.slice(1));
  if (fields === undefined) return { ok: false, code: "transaction/malformed-message" };
  return { ok: true, message: { type, ...fields } as Message };
};
