import { DEFAULT_PARAMETERS, type Genesis, type GenesisMember } from "@tallystick/ledger";
import {
  type DemonstrationMember,
  DOMAIN,
  LEDGER_NAME,
  MEMBERS,
  OPERATORS,
  type OperatorId,
} from "./consortium.ts";
import { type DemonstrationKeys, demonstrationKeys } from "./keys.ts";

/** Every act is drawn for audit, so that each one shows the auditor at work. */
const PARAMETERS = { ...DEFAULT_PARAMETERS, drawOneIn: 1n, publicationVotes: 3n };

const READ_POLICY_PARTICIPANTS = 2n;
/** Coordinates are given to the building, in metres. */
const SITE_PRECISION_METRES = 10;

export interface GenesisOptions {
  /** 16 random bytes: two demonstrations never share a network id. */
  readonly random: Uint8Array;
  readonly timeMs: bigint;
  /** The address of each operator's node. */
  readonly addresses: ReadonlyMap<OperatorId, string>;
}

/** The demonstration's genesis: its bodies, operators, keys and parameters. */
export function demonstrationGenesis(options: GenesisOptions): Genesis {
  const keys = demonstrationKeys(options.random);
  return {
    protocol: 1n,
    random: options.random,
    name: LEDGER_NAME,
    domain: DOMAIN,
    timeMs: options.timeMs,
    logKey: keys.ed25519("log"),
    orderer: "council-service",
    operators: OPERATORS.map(({ id, name, siteId }) => ({
      id,
      name,
      address: options.addresses.get(id) ?? "",
      siteId,
    })),
    members: MEMBERS.map((member) => memberOf(member, keys)),
    parameters: Object.entries(PARAMETERS).map(([name, value]) => ({ name, value })),
    readPolicy: READ_POLICY_PARTICIPANTS,
    demonstration: true,
    previousEra: null,
  };
}

function memberOf(member: DemonstrationMember, keys: DemonstrationKeys): GenesisMember {
  const cosigns = OPERATORS.some(({ executor }) => executor === member.id);
  const publicKey = keys.ed25519(`${member.id}/act`);
  return {
    id: member.id,
    name: member.name,
    operatorId: member.operator,
    areas: member.areas,
    roles: member.roles,
    keys: [{ purpose: "act", key: { kind: "ed25519", publicKey } }],
    sealingKey: keys.x25519(`${member.id}/sealing`),
    cosignerKey: cosigns ? keys.ed25519(`${member.id}/executor`) : null,
    sites: [
      {
        id: member.site.id,
        name: member.site.name,
        place: {
          kind: "coordinates",
          latitudeE7: BigInt(member.site.coordinates[0]),
          longitudeE7: BigInt(member.site.coordinates[1]),
          precisionMetres: BigInt(SITE_PRECISION_METRES),
        },
      },
    ],
  };
}
