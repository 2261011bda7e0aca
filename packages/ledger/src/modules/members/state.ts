import type { Sha256 } from "@tallystick/log";
import type { Genesis, GenesisMember, GenesisOperator } from "../../genesis.ts";
import { type CoseKey, keyId } from "../../keys.ts";
import { place } from "../../messages.ts";
import type { Place } from "../../place.ts";
import {
  area,
  coseKey,
  hash,
  integer,
  list,
  name,
  orNull,
  record,
  wordOf,
  words,
} from "../../shape.ts";
import { namesKey, type StateWriter, Table } from "../../table.ts";

/** A body that takes part. */
export interface Member {
  readonly name: string;
  readonly operatorId: string;
  /** GSS codes of the areas it may serve. */
  readonly areas: readonly string[];
  readonly roles: readonly string[];
  /** X25519: what other bodies seal to. */
  readonly sealingKey: Uint8Array;
  /** Ed25519 key of `<member>/executor`. */
  readonly cosignerKey: Uint8Array | null;
}

/** Who runs nodes for members. */
export interface Operator {
  readonly name: string;
  readonly address: string;
  readonly siteId: string;
}

/** A place that a member has registered, so that an act can be said to be done there. */
export interface Site {
  readonly name: string;
  readonly place: Place;
}

/** A key that signs for a member: its own act key, or one of its staff under a pseudonym. */
export interface RegisteredKey {
  readonly kind: "member" | "staff";
  readonly member: string;
  /** For a member its purpose, `act`; for staff the role. */
  readonly role: string;
  readonly pseudonym: string | null;
  readonly key: CoseKey;
}

const kinds: readonly RegisteredKey["kind"][] = ["member", "staff"];

/** member → Member */
export const members: Table<Member> = new Table(
  "members",
  record<Member>({
    name: words,
    operatorId: name,
    areas: list(area),
    roles: list(name),
    sealingKey: hash,
    cosignerKey: orNull(hash),
  }),
);
/** operator → Operator */
export const operators: Table<Operator> = new Table(
  "members/operators",
  record<Operator>({ name: words, address: words, siteId: name }),
);
/** member, site → Site */
export const sites: Table<Site> = new Table("members/sites", record<Site>({ name: words, place }));
/** key id → RegisteredKey */
export const keys: Table<RegisteredKey> = new Table(
  "members/keys",
  record<RegisteredKey>({
    kind: wordOf(kinds),
    member: name,
    role: name,
    pseudonym: orNull(name),
    key: coseKey,
  }),
);
/** parameter → its value */
export const parameters: Table<bigint> = new Table("members/parameters", integer);

/** The purpose of the key that signs a member's transactions. */
export const ACT_PURPOSE: string = "act";

/** Writes what genesis says about operators, members and parameters. */
export const seedMembers = (state: StateWriter, genesis: Genesis, sha: Sha256): void => {
  for (const operator of genesis.operators) seedOperator(state, operator);
  for (const member of genesis.members) seedMember(state, member, sha);
  for (const { name, value } of genesis.parameters) parameters.put(state, namesKey(name), value);
};

const seedOperator = (state: StateWriter, { id, name, address, siteId }: GenesisOperator): void =>
  operators.put(state, namesKey(id), { name, address, siteId });

const seedMember = (state: StateWriter, member: GenesisMember, sha: Sha256): void => {
  const { id, name, operatorId, areas, roles, sealingKey, cosignerKey } = member;
  members.put(state, namesKey(id), {
    ...{ name, operatorId, areas, roles, sealingKey, cosignerKey },
  });
  for (const site of member.sites) {
    sites.put(state, namesKey(id, site.id), { name: site.name, place: site.place });
  }
  for (const { purpose, key } of member.keys) {
    if (purpose !== ACT_PURPOSE) continue;
    const entry = { kind: "member", member: id, role: purpose, pseudonym: null, key } as const;
    keys.put(state, keyId(sha, key), entry);
  }
};
