import type { ScopeTag, TableVersion } from "../../messages.ts";
import {
  area,
  bytes,
  day,
  flag,
  hash,
  id16,
  list,
  name,
  natural,
  orNull,
  record,
  type Shape,
  wordOf,
  words,
} from "../../shape.ts";
import { Table } from "../../table.ts";

/** How far a definition has come on its way to be used. */
export interface Publication {
  readonly service: string;
  readonly version: string;
  readonly publisher: string;
  /** Members for it, the publisher first. */
  readonly votes: readonly string[];
  /** Null until there are enough votes. */
  readonly publishedAtMs: bigint | null;
}

/** That a body runs a service by a definition. */
export interface Adoption {
  readonly service: string;
  readonly areas: readonly string[];
  readonly minute: string;
  readonly inForceFromDay: number;
  /** Leaf index of the adoption: of two for one day the later counts. */
  readonly leafIndex: bigint;
}

/** A key that took a role in a case. */
export interface RoleKey {
  readonly role: string;
  readonly keyId: Uint8Array;
}

/** The last time that an action was taken; no key when a timer took it. */
export interface DoneAction {
  readonly action: string;
  readonly atMs: bigint;
  readonly keyId: Uint8Array | null;
}

export interface EnteredState {
  readonly state: string;
  readonly atMs: bigint;
}

/** A case: where it stands and who may move it. Nothing in it can be read about a person. */
export interface Case {
  readonly definition: Uint8Array;
  readonly authority: string;
  readonly state: string;
  readonly openedAtMs: bigint;
  /** The newest commitment to facts or to a decision. */
  readonly commitment: Uint8Array;
  /** The newest decision's outcome. */
  readonly outcome: string | null;
  /** Persons' keys by the role they opened the case in. */
  readonly bound: readonly RoleKey[];
  /** Keys that took a role which may not be combined with another. */
  readonly signers: readonly RoleKey[];
  readonly done: readonly DoneAction[];
  readonly entered: readonly EnteredState[];
  readonly tags: readonly ScopeTag[];
  /** Keys of the timers that run while it stays in its state. */
  readonly timers: readonly Uint8Array[];
  /** Bodies that destroyed their key to the case. */
  readonly erasedBy: readonly string[];
}

/** One disclosure from body to body, sealed, and whether it has been acknowledged. */
export interface DisclosureRecord {
  readonly case: Uint8Array;
  readonly disclosure: string;
  readonly from: string;
  readonly recipient: string;
  readonly agreement: string | null;
  readonly commitment: Uint8Array;
  readonly envelope: Uint8Array;
  readonly acknowledgeByMs: bigint;
  readonly acknowledgedAtMs: bigint | null;
  readonly overdue: boolean;
}

/** What is known of a decision, so that it can be drawn and opened later. */
export interface ActEvidence {
  readonly case: Uint8Array;
  readonly decider: string;
  readonly action: string;
  readonly outcome: string;
  readonly ruleHash: Uint8Array;
  readonly tables: readonly TableVersion[];
  readonly commitment: Uint8Array;
  readonly leafIndex: bigint;
  readonly decidedAtMs: bigint;
}

export type DrawStatus = "drawn" | "unopened" | "opened" | "agreed" | "disagreed";

/** An act that was drawn for audit. */
export interface Draw {
  readonly drawnBy: string;
  readonly drawnAtMs: bigint;
  readonly checkpointSize: bigint;
  readonly openByMs: bigint;
  readonly status: DrawStatus;
  /** True when it was not opened in time, whatever came afterwards. */
  readonly late: boolean;
  readonly auditor: string | null;
  readonly envelope: Uint8Array | null;
  readonly findings: Uint8Array | null;
}

const drawStatuses: readonly DrawStatus[] = ["drawn", "unopened", "opened", "agreed", "disagreed"];
const roleKeys: Shape<readonly RoleKey[]> = list(record<RoleKey>({ role: name, keyId: hash }));

/** definition hash → its bytes, inside a CBOR byte string */
export const definitions: Table<Uint8Array> = new Table("services/definitions", bytes);
/** definition hash → Publication */
export const publications: Table<Publication> = new Table(
  "services/publications",
  record<Publication>({
    service: name,
    version: name,
    publisher: name,
    votes: list(name),
    publishedAtMs: orNull(natural),
  }),
);
/** member, then definition hash → Adoption */
export const adoptions: Table<Adoption> = new Table(
  "services/adoptions",
  record<Adoption>({
    service: name,
    areas: list(area),
    minute: words,
    inForceFromDay: day,
    leafIndex: natural,
  }),
);
/** case id → Case */
export const cases: Table<Case> = new Table(
  "services/cases",
  record<Case>({
    definition: hash,
    authority: name,
    state: name,
    openedAtMs: natural,
    commitment: hash,
    outcome: orNull(name),
    bound: roleKeys,
    signers: roleKeys,
    done: list(record<DoneAction>({ action: name, atMs: natural, keyId: orNull(hash) })),
    entered: list(record<EnteredState>({ state: name, atMs: natural })),
    tags: list(record<ScopeTag>({ name, tag: hash })),
    timers: list(bytes),
    erasedBy: list(name),
  }),
);
/** authority, service, tag name, then the tag → case id */
export const tags: Table<Uint8Array> = new Table("services/tags", id16);
/** transaction id, then message index as one byte → DisclosureRecord */
export const disclosures: Table<DisclosureRecord> = new Table(
  "services/disclosures",
  record<DisclosureRecord>({
    case: id16,
    disclosure: name,
    from: name,
    recipient: name,
    agreement: orNull(name),
    commitment: hash,
    envelope: hash,
    acknowledgeByMs: natural,
    acknowledgedAtMs: orNull(natural),
    overdue: flag,
  }),
);
/** transaction id → ActEvidence */
export const acts: Table<ActEvidence> = new Table(
  "services/acts",
  record<ActEvidence>({
    case: id16,
    decider: name,
    action: name,
    outcome: name,
    ruleHash: hash,
    tables: list(record<TableVersion>({ name, version: name })),
    commitment: hash,
    leafIndex: natural,
    decidedAtMs: natural,
  }),
);
/** transaction id of the act → Draw */
export const draws: Table<Draw> = new Table(
  "services/draws",
  record<Draw>({
    drawnBy: name,
    drawnAtMs: natural,
    checkpointSize: natural,
    openByMs: natural,
    status: wordOf(drawStatuses),
    late: flag,
    auditor: orNull(name),
    envelope: orNull(hash),
    findings: orNull(hash),
  }),
);
