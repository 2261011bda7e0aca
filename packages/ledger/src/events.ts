import type { LedgerEvent } from "./effects.ts";
import { day, flag, hash, id16, name, natural, type RecordShape, record } from "./shape.ts";

/** Everything that an accepted message or a timer can report, as plain data. spec/events.md. */
interface Events {
  "members/staff-key-added": { member: string; keyId: Uint8Array; role: string };
  "members/staff-key-removed": { member: string; keyId: Uint8Array };
  "members/site-added": { member: string; siteId: string };
  "agreements/published": { id: string; publisher: string };
  "agreements/accepted": { id: string; member: string };
  "agreements/ended": { id: string; member: string; endDay: number };
  "services/definition-proposed": {
    definition: Uint8Array;
    service: string;
    version: string;
    publisher: string;
  };
  "services/definition-voted": { definition: Uint8Array; member: string };
  "services/definition-published": { definition: Uint8Array; service: string; version: string };
  "services/definition-adopted": {
    definition: Uint8Array;
    member: string;
    inForceFromDay: number;
  };
  "services/case-opened": {
    case: Uint8Array;
    definition: Uint8Array;
    authority: string;
    action: string;
    state: string;
  };
  "services/case-acted": { case: Uint8Array; action: string; from: string; state: string };
  "services/case-decided": {
    case: Uint8Array;
    action: string;
    outcome: string;
    from: string;
    state: string;
    act: Uint8Array;
  };
  /** A timer did it. */
  "services/case-moved": { case: Uint8Array; from: string; state: string };
  /** A timer reminds a role. */
  "services/alarm": { case: Uint8Array; state: string; role: string };
  "services/disclosed": {
    case: Uint8Array;
    disclosure: string;
    from: string;
    recipient: string;
    disclosureId: Uint8Array;
    messageIndex: bigint;
    acknowledgeByMs: bigint;
  };
  "services/acknowledged": {
    case: Uint8Array;
    recipient: string;
    disclosureId: Uint8Array;
    messageIndex: bigint;
  };
  "services/acknowledgement-overdue": {
    case: Uint8Array;
    from: string;
    recipient: string;
    disclosureId: Uint8Array;
    messageIndex: bigint;
  };
  "services/drawn": { act: Uint8Array; member: string; openByMs: bigint };
  "services/unopened": { act: Uint8Array; decider: string };
  "services/opened-to-auditor": { act: Uint8Array; auditor: string };
  "services/found": { act: Uint8Array; auditor: string; agrees: boolean };
  "services/erased": { case: Uint8Array; holder: string };
  "credentials/accredited": { vct: string; issuer: string };
  "credentials/withdrawn": { vct: string; issuer: string };
  "credentials/status-list-published": { issuer: string; uri: string; version: bigint };
}

export type EventKind = keyof Events;
/** The event of one kind, for instance `EventOf<"services/case-opened">`. */
export type EventOf<K extends EventKind> = Readonly<Events[K]> & { readonly kind: K };
/** Any event of protocol 1, told apart by `kind`. */
export type KnownEvent = { [K in EventKind]: EventOf<K> }[EventKind];

const disclosed = { disclosureId: hash, messageIndex: natural };

const catalogue: { readonly [K in EventKind]: RecordShape<Events[K]> } = {
  "members/staff-key-added": record({ member: name, keyId: hash, role: name }),
  "members/staff-key-removed": record({ member: name, keyId: hash }),
  "members/site-added": record({ member: name, siteId: name }),
  "agreements/published": record({ id: name, publisher: name }),
  "agreements/accepted": record({ id: name, member: name }),
  "agreements/ended": record({ id: name, member: name, endDay: day }),
  "services/definition-proposed": record({
    definition: hash,
    service: name,
    version: name,
    publisher: name,
  }),
  "services/definition-voted": record({ definition: hash, member: name }),
  "services/definition-published": record({ definition: hash, service: name, version: name }),
  "services/definition-adopted": record({ definition: hash, member: name, inForceFromDay: day }),
  "services/case-opened": record({
    case: id16,
    definition: hash,
    authority: name,
    action: name,
    state: name,
  }),
  "services/case-acted": record({ case: id16, action: name, from: name, state: name }),
  "services/case-decided": record({
    case: id16,
    action: name,
    outcome: name,
    from: name,
    state: name,
    act: hash,
  }),
  "services/case-moved": record({ case: id16, from: name, state: name }),
  "services/alarm": record({ case: id16, state: name, role: name }),
  "services/disclosed": record({
    case: id16,
    disclosure: name,
    from: name,
    recipient: name,
    ...disclosed,
    acknowledgeByMs: natural,
  }),
  "services/acknowledged": record({ case: id16, recipient: name, ...disclosed }),
  "services/acknowledgement-overdue": record({
    case: id16,
    from: name,
    recipient: name,
    ...disclosed,
  }),
  "services/drawn": record({ act: hash, member: name, openByMs: natural }),
  "services/unopened": record({ act: hash, decider: name }),
  "services/opened-to-auditor": record({ act: hash, auditor: name }),
  "services/found": record({ act: hash, auditor: name, agrees: flag }),
  "services/erased": record({ case: id16, holder: name }),
  "credentials/accredited": record({ vct: name, issuer: name }),
  "credentials/withdrawn": record({ vct: name, issuer: name }),
  "credentials/status-list-published": record({ issuer: name, uri: name, version: natural }),
};

/** The event as effects hold it: its kind as the name, then its fields in order. */
export const encodeEvent = (event: KnownEvent): LedgerEvent => {
  const shape = catalogue[event.kind] as RecordShape<object>;
  return { name: event.kind, fields: shape.encode(event) as LedgerEvent["fields"] };
};

/** The event in what effects hold, or null when it is of no kind that protocol 1 has. */
export const readEvent = (event: LedgerEvent): KnownEvent | null => {
  if (!Object.hasOwn(catalogue, event.name)) return null;
  const kind = event.name as EventKind;
  const fields = (catalogue[kind] as RecordShape<object>).decode(event.fields);
  return fields === undefined ? null : ({ kind, ...fields } as KnownEvent);
};
