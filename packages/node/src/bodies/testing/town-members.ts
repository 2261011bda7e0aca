import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  DEFAULT_PARAMETERS,
  type Genesis,
  type GenesisMember,
  type Message,
} from "@tallystick/ledger";
import { demonstrationKey } from "../../crypto/demonstration-key.ts";
import { ed25519Signer } from "../../crypto/ed25519.ts";
import { p256Signer } from "../../crypto/p256.ts";
import { vctOf } from "../vct.ts";

/** 21 November 2026, 12:00 in London. */
export const START_MS = 1_795_262_400_000n;
const FOUNDED_DAY = 20_544;
const RANDOM: Uint8Array = new Uint8Array(16).fill(0x2a);
export const AREA = "E06000023";

export interface TownMember {
  readonly id: string;
  readonly operator: string;
  readonly areas: readonly string[];
  readonly roles: readonly string[];
}

export const MEMBERS: readonly TownMember[] = [
  {
    id: "avonbridge",
    operator: "councils",
    areas: [AREA],
    roles: ["council", "travel-concession-authority"],
  },
  { id: "severnside", operator: "councils", areas: ["E06000025"], roles: ["council"] },
  { id: "registrar", operator: "councils", areas: [], roles: ["registrar-of-issuers"] },
  { id: "severn-buses", operator: "buses", areas: [], roles: ["bus-operator"] },
  { id: "public-auditor", operator: "audit", areas: [], roles: ["auditor"] },
];
export const OPERATORS: readonly string[] = ["councils", "buses", "audit"];

export const secret = (name: string): Uint8Array => demonstrationKey(RANDOM, name);
const publicOf = (name: string): Uint8Array => ed25519Signer(secret(name)).publicKey;
export const addressOf = (operator: string): string => `http://${operator}.example`;
export const operatorOf = (member: string): string =>
  MEMBERS.find(({ id }) => id === member)?.operator ?? "";

const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex");

function sealingKey(member: string): Uint8Array {
  const key = Buffer.concat([PKCS8_X25519, secret(`${member}/sealing`)]);
  const spki = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" }));
  return new Uint8Array(spki.export({ format: "der", type: "spki" }).subarray(-32));
}

export function genesisOf(demonstration: boolean): Genesis {
  return {
    protocol: 1n,
    random: RANDOM,
    name: "Test town",
    domain: "town.example",
    timeMs: START_MS - 1_000_000n,
    logKey: publicOf("log"),
    orderer: "councils",
    operators: OPERATORS.map((id) => ({ id, name: id, address: addressOf(id), siteId: "main" })),
    members: MEMBERS.map(genesisMember),
    parameters: Object.entries({ ...DEFAULT_PARAMETERS, drawOneIn: 1n }).map(([name, value]) => ({
      name,
      value,
    })),
    readPolicy: 2n,
    demonstration,
    previousEra: null,
  };
}

function genesisMember({ id, operator, areas, roles }: TownMember): GenesisMember {
  const publicKey = publicOf(`${id}/act`);
  return {
    id,
    name: id,
    operatorId: operator,
    areas,
    roles,
    keys: [{ purpose: "act", key: { kind: "ed25519", publicKey } }],
    sealingKey: sealingKey(id),
    cosignerKey: publicOf(`${id}/executor`),
    sites: [{ id: "main", name: id, place: { kind: "area", code: AREA } }],
  };
}

const issuerKey = (id: string) => {
  const { publicKey } = p256Signer(secret(`${id}/issuer`));
  return { kind: "p256", publicKey } as const;
};

const accredit = (name: string, issuer: string): Message => ({
  type: "credentials/accredit",
  vct: vctOf(name),
  issuer,
  level: "high",
  key: issuerKey(issuer),
});

export function* foundingActs(
  bytes: Uint8Array,
  definition: Uint8Array,
  withGateway: boolean,
): Iterable<[string, readonly Message[]]> {
  yield [
    "registrar",
    [
      accredit("registrar/date-of-birth", "registrar"),
      accredit("council/residence", "avonbridge"),
      accredit("council/residence", "severnside"),
      accredit("bus-pass/pass", "avonbridge"),
    ],
  ];
  yield ["avonbridge", [{ type: "services/publish", definition: bytes }]];
  const adoption = { member: "avonbridge", areas: [AREA], minute: "Cabinet item 3" } as const;
  const inForceFromDay = FOUNDED_DAY;
  yield ["avonbridge", [{ type: "services/adopt", definition, ...adoption, inForceFromDay }]];
  if (withGateway) yield* gatewayActs();
}

/** The agreement under which the hotlist flows. */
export function* gatewayActs(): Iterable<[string, readonly Message[]]> {
  const id = "hotlist/avonbridge";
  const terms = {
    name: "Hotlist",
    purpose: "So that a lost pass is refused",
    power: "Transport Act 2000 s.145A(4)",
    gateway: "agreement",
    controllers: ["avonbridge"],
    recipients: ["severn-buses"],
    disclosed: ["bus-pass/pass.status"],
    method: "Sealed delivery",
    retention: "P1D",
    startDay: FOUNDED_DAY,
    endDay: null,
    reviewDay: FOUNDED_DAY + 365,
    contact: "office",
    areas: [AREA],
    onEnd: "stop",
  } as const;
  yield ["avonbridge", [{ type: "agreements/publish", id, terms }]];
  yield ["severn-buses", [{ type: "agreements/accept", id }]];
}
