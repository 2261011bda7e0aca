import {
  formatPolicy,
  hashLeaf,
  type NoteKey,
  type Policy,
  type Sha256,
  toHex,
} from "@tallystick/log";
import { decode, encode } from "./cbor.ts";
import type { CoseKey } from "./keys.ts";
import { place } from "./messages.ts";
import type { Place } from "./place.ts";
import {
  area,
  coseKey,
  flag,
  hash,
  id16,
  integer,
  list,
  name,
  natural,
  orNull,
  record,
  type Shape,
  words,
} from "./shape.ts";

export interface GenesisOperator {
  readonly id: string;
  readonly name: string;
  /** Where the operator's node answers, for instance `https://ledger.example.gov.uk`. */
  readonly address: string;
  readonly siteId: string;
}
export interface GenesisKey {
  /** `act`: signs the member's transactions. */
  readonly purpose: string;
  readonly key: CoseKey;
}
export interface GenesisSite {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
}
export interface GenesisMember {
  readonly id: string;
  readonly name: string;
  readonly operatorId: string;
  /** GSS codes of the areas it may serve. */
  readonly areas: readonly string[];
  readonly roles: readonly string[];
  readonly keys: readonly GenesisKey[];
  /** X25519: what other bodies seal to. */
  readonly sealingKey: Uint8Array;
  /** Ed25519, named `<member>/executor` in checkpoints and the policy; null for none. */
  readonly cosignerKey: Uint8Array | null;
  readonly sites: readonly GenesisSite[];
}
export interface GenesisParameter {
  readonly name: string;
  readonly value: bigint;
}
/** Leaf 0 of an era. spec/genesis.md. */
export interface Genesis {
  readonly protocol: bigint;
  readonly random: Uint8Array;
  readonly name: string;
  /** The origin's first part, for instance `demo.tallystick.example`. */
  readonly domain: string;
  readonly timeMs: bigint;
  /** Ed25519 key that signs checkpoints under the origin. */
  readonly logKey: Uint8Array;
  /** The operator that orders transactions and holds the log's key. */
  readonly orderer: string;
  readonly operators: readonly GenesisOperator[];
  readonly members: readonly GenesisMember[];
  readonly parameters: readonly GenesisParameter[];
  readonly readPolicy: bigint;
  readonly demonstration: boolean;
  readonly previousEra: null;
}

/** Parameters by name, as numbers of their own unit; every one must be in genesis. */
export interface Parameters {
  readonly maxValidityMs: bigint;
  readonly publicationVotes: bigint;
  readonly drawOneIn: bigint;
  readonly openingWorkingDays: bigint;
  readonly sponsorQuotaPerBlock: bigint;
  readonly maxTimersPerBlock: bigint;
}
/** What a network starts with unless it says otherwise. */
export const DEFAULT_PARAMETERS: Parameters = {
  maxValidityMs: 600_000n,
  publicationVotes: 1n,
  drawOneIn: 100n,
  openingWorkingDays: 10n,
  sponsorQuotaPerBlock: 1_000n,
  maxTimersPerBlock: 1_000n,
};

const GENESIS_KIND = 0n;
export const PROTOCOL_VERSION: bigint = 1n;
/** The policy's name for the operators that re-execute; no operator may be called so. */
const EXECUTORS = "executors";
const LOG_KEY_TYPE = 0x01;
const COSIGNER_KEY_TYPE = 0x04;

const nothing: Shape<null> = {
  encode: () => null,
  decode: (cbor) => (cbor === null ? null : undefined),
};
const wire = record<Genesis & { readonly kind: bigint }>({
  kind: natural,
  protocol: natural,
  random: id16,
  name: words,
  domain: name,
  timeMs: natural,
  logKey: hash,
  orderer: name,
  operators: list(record<GenesisOperator>({ id: name, name: words, address: words, siteId: name })),
  members: list(
    record<GenesisMember>({
      id: name,
      name: words,
      operatorId: name,
      areas: list(area),
      roles: list(name),
      keys: list(record<GenesisKey>({ purpose: name, key: coseKey })),
      sealingKey: hash,
      cosignerKey: orNull(hash),
      sites: list(record<GenesisSite>({ id: name, name: words, place })),
    }),
  ),
  parameters: list(record<GenesisParameter>({ name, value: integer })),
  readPolicy: natural,
  demonstration: flag,
  previousEra: nothing,
});

/** The genesis leaf's bytes. */
export const encodeGenesis = (genesis: Genesis): Uint8Array =>
  encode(wire.encode({ kind: GENESIS_KIND, ...genesis }));

/** Genesis out of its leaf, or null when the bytes are not exactly one that holds together. */
export const decodeGenesis = (bytes: Uint8Array): Genesis | null => {
  const cbor = decode(bytes);
  const value = cbor.ok ? wire.decode(cbor.value) : undefined;
  if (value === undefined || value.kind !== GENESIS_KIND) return null;
  const { kind: _, ...genesis } = value;
  return holdsTogether(genesis) ? genesis : null;
};

const distinct = (items: readonly string[]): boolean => new Set(items).size === items.length;

const holdsTogether = (genesis: Genesis): boolean => {
  const operators = genesis.operators.map(({ id }) => id);
  return (
    genesis.protocol === PROTOCOL_VERSION &&
    distinct(operators) &&
    distinct(genesis.members.map(({ id }) => id)) &&
    distinct(genesis.parameters.map((parameter) => parameter.name)) &&
    operators.includes(genesis.orderer) &&
    !operators.includes(EXECUTORS) &&
    genesis.members.every((member) => operators.includes(member.operatorId)) &&
    genesis.members.every((member) => member.keys.every(({ key }) => key.kind === "ed25519")) &&
    parametersOf(genesis) !== null
  );
};

/** The parameters of genesis, or null when one is missing or not positive. */
export const parametersOf = (genesis: Genesis): Parameters | null => {
  const found: { -readonly [K in keyof Parameters]?: bigint } = {};
  for (const name of Object.keys(DEFAULT_PARAMETERS) as (keyof Parameters)[]) {
    const value = genesis.parameters.find((parameter) => parameter.name === name)?.value;
    if (value === undefined || value < 1n) return null;
    found[name] = value;
  }
  return found as Parameters;
};

/** The network's id: the RFC 6962 leaf hash of the genesis leaf. */
export const networkId = (sha: Sha256, genesisBytes: Uint8Array): Uint8Array =>
  hashLeaf(sha, genesisBytes);

/** The checkpoints' origin, for instance `demo.tallystick.example/5f1c09be77a1e2d4`. */
export const originOf = (genesis: Genesis, network: Uint8Array): string =>
  `${genesis.domain}/${toHex(network.subarray(0, 8))}`;

/** The log's key under its origin. */
export const logNoteKey = (genesis: Genesis, network: Uint8Array): NoteKey => ({
  name: originOf(genesis, network),
  type: LOG_KEY_TYPE,
  publicKey: genesis.logKey,
});

/** The name under which a member's node cosigns what it computed. */
export const cosignerName = (member: string): string => `${member}/executor`;

/**
 * The policy by which receipts are judged, as C2SP text: one group for each operator that cosigns,
 * and a quorum of every such operator other than the one that holds the log's key. spec/policy.md.
 */
export const policyText = (sha: Sha256, genesisBytes: Uint8Array): string => {
  const genesis = decodeGenesis(genesisBytes);
  if (genesis === null) throw new RangeError("not a genesis leaf");
  return formatPolicy(sha, policyOf(genesis, networkId(sha, genesisBytes)));
};

const policyOf = (genesis: Genesis, network: Uint8Array): Policy => {
  const cosigners = genesis.members.filter((member) => member.cosignerKey !== null);
  const operators = genesis.operators
    .map(({ id }) => id)
    .filter((id) => id !== genesis.orderer && cosigners.some((m) => m.operatorId === id));
  const namesOf = (operator: string): string[] =>
    cosigners.filter((m) => m.operatorId === operator).map((m) => cosignerName(m.id));
  const groups = operators.map((id) => ({ name: id, threshold: 1, members: namesOf(id) }));
  const executors = { name: EXECUTORS, threshold: operators.length, members: operators };
  return {
    logs: [logNoteKey(genesis, network)],
    witnesses: cosigners
      .filter((member) => operators.includes(member.operatorId))
      .map((member) => ({
        name: cosignerName(member.id),
        key: {
          name: cosignerName(member.id),
          type: COSIGNER_KEY_TYPE,
          publicKey: member.cosignerKey as Uint8Array,
        },
        url: null,
      })),
    groups: operators.length === 0 ? [] : [...groups, executors],
    quorum: operators.length === 0 ? null : EXECUTORS,
  };
};
