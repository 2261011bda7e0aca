import {
  admit,
  applyBlock,
  type BlockInput,
  type BlockResult,
  DEFAULT_PARAMETERS,
  type Definition,
  definitionHash,
  encodeDefinition,
  encodeGenesis,
  type Genesis,
  type GenesisMember,
  type LedgerState,
  type Message,
  openLedger,
  type Parameters,
  type Place,
  type TransactionPayload,
} from "@tallystick/ledger";
import {
  COSIGNER_KEY_TYPE,
  checkpointSigningBytes,
  cosignatureSigningBytes,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  type Hash,
  hashLeaf,
  keyHash,
  LOG_KEY_TYPE,
  LogTree,
  type NoteSignature,
} from "@tallystick/log";
import { ed25519Key, nodeSha256 } from "./hosts.ts";
import {
  ed25519Signer,
  nodeHost,
  p256Signer,
  signTransaction,
  type TestSigner,
} from "./transactions.ts";

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

/** What a transaction may have besides its messages. */
export type Override = Partial<Omit<TransactionPayload, "messages">> & {
  readonly networkId?: Hash;
  readonly withKey?: boolean;
};

/** `ok`, or the code that refused or dropped a transaction. */
export type Fate = string;

/** A ledger on its own, with a clock that stands unless it is told to move. */
export class TestLedger {
  readonly genesisBytes: Uint8Array;
  readonly state: LedgerState;
  readonly tree: LogTree = new LogTree(nodeSha256);
  readonly inputs: BlockInput[] = [];
  readonly results: BlockResult[] = [];
  nowMs: bigint = START_MS;
  #nonce = 0;

  constructor(genesis: Genesis = testGenesis()) {
    this.genesisBytes = encodeGenesis(genesis);
    this.state = openLedger(nodeHost, this.genesisBytes);
    this.tree.append(hashLeaf(nodeSha256, this.genesisBytes));
  }

  /** The signer of a name: `avon/act` and other registered keys, or `person:NAME` for a wallet. */
  signer(name: string): TestSigner {
    return name.startsWith("person:") ? p256Signer(name) : ed25519Signer(name);
  }

  /** Bytes of a transaction as an honest client would build it, save for what is overridden. */
  sign(by: string, messages: readonly Message[], override: Override = {}): Uint8Array {
    const { networkId = this.state.networkId, withKey = true, ...payload } = override;
    this.#nonce += 1;
    const nonce = idOf(`nonce ${this.#nonce}`);
    const isPerson = by.startsWith("person:");
    const place: Place = isPerson
      ? { kind: "area", code: "E06000023" }
      : { kind: "site", siteId: "main" };
    return signTransaction({
      ...{ networkId, withKey, signer: this.signer(by) },
      payload: {
        ...{ nonce, validUntilMs: this.nowMs + 300_000n, actedAtMs: null, place },
        ...{ capacity: { kind: "self" }, sponsor: isPerson ? "avon" : null, messages },
        ...payload,
      },
    });
  }

  /** A block of these transactions, one millisecond after the last. */
  block(transactions: readonly Uint8Array[], more: Partial<BlockInput> = {}): BlockResult | null {
    this.nowMs += 1n;
    const input = {
      ...{ timeMs: this.nowMs, proposer: "alpha", site: "main", transactions, ...more },
    };
    const result = applyBlock(nodeHost, this.state, input);
    if (result === null) return null;
    this.inputs.push(input);
    this.results.push(result);
    for (const leaf of result.leaves) this.tree.append(hashLeaf(nodeSha256, leaf));
    return result;
  }

  /** One transaction in a block of its own: its fate and its id. */
  submit(by: string, messages: Message | readonly Message[], override: Override = {}): Fate {
    const list = Array.isArray(messages) ? (messages as readonly Message[]) : [messages as Message];
    return this.send(this.sign(by, list, override));
  }

  /** These bytes in a block of their own. */
  send(bytes: Uint8Array): Fate {
    const result = this.block([bytes]);
    const dropped = result?.dropped[0]?.code;
    const outcome = result?.records[0]?.outcome;
    if (outcome !== undefined) return outcome.ok ? "ok" : outcome.code;
    return dropped ?? this.#dropCodeOf(bytes);
  }

  /** Id of the transaction recorded last. */
  get lastId(): Hash {
    const record = this.results.at(-1)?.records.at(-1);
    if (record === undefined) throw new Error("nothing is recorded");
    return record.id;
  }

  /** Lets time pass, and what is due happen. */
  wait(ms: bigint): BlockResult | null {
    this.nowMs += ms;
    return this.block([]);
  }

  /** Does what must succeed for a test to begin. */
  must(by: string, messages: Message | readonly Message[], override: Override = {}): this {
    const fate = this.submit(by, messages, override);
    if (fate !== "ok") throw new Error(`${by}: ${fate}`);
    return this;
  }

  /** A signed checkpoint of the whole log, cosigned by these members' executors. */
  checkpoint(cosigners: readonly string[], change: CheckpointChange = {}): string {
    const { origin } = this.state;
    const checkpoint = {
      ...{ origin, size: this.tree.size, root: this.tree.root() },
      ...change.checkpoint,
    };
    const logKey = ed25519Key("log");
    const line = (name: string, type: 1 | 4, key: typeof logKey, bytes: Uint8Array) => ({
      name,
      keyHash: keyHash(nodeSha256, { name, type, publicKey: key.publicKey }),
      signature: bytes,
    });
    const lines: NoteSignature[] = cosigners.map((member) => {
      const key = ed25519Key(`${member}/executor`);
      const signed = key.sign(cosignatureSigningBytes(checkpoint, change.signedSeconds ?? 1));
      const name = `${member}/executor`;
      return line(name, COSIGNER_KEY_TYPE, key, encodeCosignature(1, signed));
    });
    if (change.withoutLog !== true) {
      const signed = logKey.sign(checkpointSigningBytes(checkpoint));
      lines.unshift(line(checkpoint.origin, LOG_KEY_TYPE, logKey, signed));
    }
    return formatNote({ text: formatCheckpoint(checkpoint), signatures: lines });
  }

  /** A block that came to nothing says no code; admission at the same time does. */
  #dropCodeOf(bytes: Uint8Array): string {
    const admission = admit(nodeHost, this.state, this.nowMs, bytes);
    return admission.ok ? "nothing" : admission.code;
  }
}

export interface CheckpointChange {
  readonly checkpoint?: { readonly origin?: string; readonly size?: number };
  readonly withoutLog?: boolean;
  /** The time that is signed where it is not the time that is told. */
  readonly signedSeconds?: number;
}

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

/** A ledger on which the service runs: voted, adopted by avon, with staff and a live gateway. */
export const runningLedger = (
  definition: Definition = testDefinition(),
  genesis: Genesis = testGenesis(),
): TestLedger => {
  const ledger = new TestLedger(genesis);
  const hash = hashOfDefinition(definition);
  const staff = (name: string, role: string): Message => ({
    type: "members/add-staff-key",
    ...{ member: "avon", key: ed25519Signer(name).key, role, pseudonym: name },
  });
  ledger
    .must("avon/act", { type: "services/publish", definition: encodeDefinition(definition) })
    .must("severn/act", { type: "services/vote", definition: hash })
    .must("avon/act", [
      messages.adopt(definition),
      staff("olwen", "officer"),
      staff("owen", "officer"),
      staff("rhian", "reviewer"),
      messages.hotlist(),
    ])
    .must("buses/act", { type: "agreements/accept", id: "hotlist" });
  return ledger;
};
