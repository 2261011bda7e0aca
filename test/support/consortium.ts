import {
  DEFAULT_PARAMETERS,
  type Definition,
  definitionHash,
  encodeDefinition,
  type Genesis,
  type GenesisMember,
  type Message,
  type Parameters,
} from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { ed25519Key, nodeSha256 } from "./hosts.ts";
import { ed25519Signer } from "./transactions.ts";

/** A small consortium to try the ledger's rules on: five bodies, three operators, one service. */

/** Friday 20 November 2026, 10:00 in London. */
export const START_MS: bigint = BigInt(Date.UTC(2026, 10, 20, 10));
export const START_DAY = 20_777;
export const DAY_MS = 86_400_000n;

const body = (
  id: string,
  operatorId: string,
  roles: readonly string[],
  areas: readonly string[] = [],
): GenesisMember => ({
  id,
  name: `Body of ${id}`,
  operatorId,
  areas,
  roles,
  keys: [{ purpose: "act", key: ed25519Signer(`${id}/act`).key }],
  sealingKey: nodeSha256.one(Buffer.from(`${id}/sealing`)),
  cosignerKey: ed25519Key(`${id}/executor`).publicKey,
  sites: [{ id: "main", name: "Main office", place: { kind: "uprn", uprn: 100n } }],
});

/** Genesis of the small consortium, with some parameters of one's own. */
export const testGenesis = (parameters: Partial<Parameters> = {}, random = 7): Genesis => ({
  protocol: 1n,
  random: new Uint8Array(16).fill(random),
  name: "Test ledger",
  domain: "test.example",
  timeMs: START_MS,
  logKey: ed25519Key("log").publicKey,
  orderer: "alpha",
  operators: ["alpha", "beta", "gamma"].map((id) => ({
    ...{ id, name: `Operator ${id}`, address: `https://${id}.example`, siteId: "main" },
  })),
  members: [
    body("avon", "alpha", ["council", "decider"], ["E06000023", "E07000080"]),
    body("severn", "alpha", ["council", "decider"], ["E06000025"]),
    body("registrar", "alpha", ["registrar-of-issuers"]),
    body("buses", "beta", ["bus-operator"]),
    body("auditor", "gamma", ["auditor"]),
  ],
  parameters: Object.entries({
    ...DEFAULT_PARAMETERS,
    publicationVotes: 2n,
    drawOneIn: 1n,
    ...parameters,
  }).map(([name, value]) => ({ name, value })),
  readPolicy: 2n,
  demonstration: true,
  previousEra: null,
});

type Process = Definition["process"];

const roles: Process["roles"] = [
  { name: "applicant", kind: "person", of: null, holds: null, neverAlso: [] },
  { name: "operator", kind: "member", of: null, holds: "bus-operator", neverAlso: [] },
  { name: "authority", kind: "member", of: null, holds: "decider", neverAlso: [] },
  { name: "officer", kind: "staff", of: "authority", holds: null, neverAlso: [] },
  { name: "reviewer", kind: "staff", of: "authority", holds: null, neverAlso: ["officer"] },
];

const action = (
  name: string,
  by: readonly string[],
  way: readonly [from: readonly string[], to: string | readonly (readonly [string, string])[]],
  more: Partial<Process["actions"][number]> = {},
): Process["actions"][number] => {
  const [from, to] = way;
  const ends = typeof to === "string" ? to : to.map(([outcome, state]) => ({ outcome, to: state }));
  return { name, by, from, to: ends, gives: [], within: null, reviews: null, ...more };
};

const grantOr = (refused: string) =>
  [
    ["grant", "issued"],
    ["refuse", refused],
  ] as const;

/** The bus pass in small. */
export const testDefinition = (changes: Partial<Process> = {}, version = "1"): Definition => ({
  service: "pass",
  version,
  lgsl: 273n,
  process: {
    roles,
    states: [
      { name: "applied", kind: "waiting" },
      { name: "evidence", kind: "waiting" },
      { name: "issued", kind: "live" },
      { name: "refused", kind: "waiting" },
      { name: "review", kind: "waiting" },
      { name: "ended", kind: "end" },
    ],
    actions: [
      action("apply", ["applicant", "officer"], [[], "applied"], { gives: ["dateOfBirth"] }),
      action("ask", ["officer"], [["applied"], "evidence"]),
      action("answer", ["applicant"], [["evidence"], "applied"], { gives: ["dateOfBirth"] }),
      action("decide", ["authority", "officer"], [["applied"], grantOr("refused")]),
      action("review", ["applicant"], [["refused"], "review"], {
        within: { duration: "P28D", trigger: "served decide" },
      }),
      action("settle", ["reviewer", "officer"], [["review"], grantOr("ended")], {
        reviews: "decide",
      }),
      action("stop", ["applicant", "officer"], [["applied", "evidence", "issued"], "ended"]),
    ],
    timers: [
      { state: "applied", after: "10 working-days", kind: "alarm", target: "officer" },
      { state: "evidence", after: "P28D", kind: "do", target: "stop" },
      { state: "refused", after: "P28D", kind: "go-to", target: "ended" },
    ],
    disclosures: [
      {
        name: "hotlist",
        from: "authority",
        to: "operator",
        what: ["pass.status"],
        gateway: "hotlist",
        acknowledgeWithin: "2 working-days",
      },
      {
        name: "notice",
        from: "authority",
        to: "applicant",
        what: ["decision"],
        gateway: null,
        acknowledgeWithin: "P28D",
      },
    ],
    membersSee: ["state"],
    decision: {
      automated: true,
      humanReview: "review",
      once: { roles: ["applicant", "authority"], states: ["applied", "evidence", "issued"] },
    },
    ...changes,
  },
  rules: [1n],
});

export const hashOf = (name: string): Hash => nodeSha256.one(Buffer.from(name));
/** Sixteen bytes that stand for a name. */
export const idOf = (name: string): Uint8Array => hashOf(name).slice(0, 16);
export const hashOfDefinition = (definition: Definition): Hash =>
  definitionHash(nodeSha256, encodeDefinition(definition));

/** Messages with everything right, to be changed in one place. */
export const messages = {
  hotlist: (changes: object = {}): Message => ({
    type: "agreements/publish",
    id: "hotlist",
    terms: {
      name: "Hotlist",
      purpose: "Stop lost passes",
      power: "Transport Act 2000 s.145A(4)",
      gateway: "agreement",
      controllers: ["avon"],
      recipients: ["buses"],
      disclosed: ["pass/pass.status"],
      method: "sealed",
      retention: "P1D",
      startDay: START_DAY - 10,
      endDay: null,
      reviewDay: START_DAY + 365,
      contact: "desk@avon.example",
      areas: [],
      onEnd: "finish-open-cases",
      ...changes,
    },
  }),
  adopt: (definition: Definition, changes: object = {}): Message => ({
    type: "services/adopt",
    definition: hashOfDefinition(definition),
    member: "avon",
    areas: ["E06000023"],
    minute: "Cabinet, item 7",
    inForceFromDay: START_DAY - 1,
    ...changes,
  }),
  open: (changes: object = {}): Message => ({
    type: "services/open",
    case: idOf("case"),
    definition: hashOfDefinition(testDefinition()),
    authority: "avon",
    action: "apply",
    commitment: hashOf("facts"),
    tags: [{ name: "applicant", tag: hashOf("subject") }],
    ...changes,
  }),
  act: (action: string, changes: object = {}): Message => ({
    ...{ type: "services/act", case: idOf("case"), action, commitment: null },
    ...changes,
  }),
  decide: (outcome: string, changes: object = {}): Message => ({
    type: "services/decide",
    case: idOf("case"),
    action: "decide",
    outcome,
    ruleHash: hashOfDefinition(testDefinition()),
    tables: [{ name: "pension-age", version: "2014" }],
    commitment: hashOf("decision"),
    ...changes,
  }),
  disclose: (nowMs: bigint, changes: object = {}): Message => ({
    type: "services/disclose",
    case: idOf("case"),
    disclosure: "hotlist",
    recipient: "buses",
    agreement: "hotlist",
    commitment: hashOf("status"),
    envelope: hashOf("envelope"),
    acknowledgeByMs: nowMs + DAY_MS,
    ...changes,
  }),
} as const;
