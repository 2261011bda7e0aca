import type {
  AgreementView,
  BlockRow,
  DefinitionView,
  MemberView,
  Named,
  Network,
  Overview,
  PortalData,
  TransactionRow,
  TransactionView,
} from "../portal-data.ts";

/** A made-up network for tests of pages and for looking at them. Nothing in it verifies. */
const NOW_MS = Date.UTC(2026, 10, 21, 9, 30);
const hash = (digit: string): string => digit.repeat(64);

export const TRANSACTION_ID: string = hash("a");
export const HIDDEN_ID: string = hash("b");
export const DEFINITION_HASH: string = hash("d");

const AVONBRIDGE: Named = { id: "avonbridge", name: "Avonbridge City Council" };
const ABERWYE: Named = { id: "aberwye", name: "Aberwye County Borough Council" };
const SEVERN_TRAVEL: Named = { id: "severn-travel", name: "Severn Travel Authority" };
const SEVERN_BUSES: Named = { id: "severn-buses", name: "Severn Buses" };
const AUDITOR: Named = { id: "public-auditor", name: "Public Auditor" };
const COUNCIL_SERVICE: Named = { id: "council-service", name: "Severnside Shared Council Service" };
const TRAVEL_AUTHORITY: Named = { id: "travel-authority", name: "Severn Travel Authority" };
const AUDIT_OFFICE: Named = { id: "auditor", name: "Office of the Public Auditor" };
const AVONBRIDGE_AREA: Named = { id: "E06000023", name: "Avonbridge" };

export const NETWORK: Network = {
  name: "Severn bodies",
  id: hash("5"),
  origin: "demo.tallystick.example/5555555555555555",
  demonstration: true,
};

const DECIDED: TransactionRow = {
  id: TRANSACTION_ID,
  timeMs: NOW_MS,
  sentence:
    "On 21 November 2026 at 09:30:00, Avonbridge City Council, at City Hall, decided case " +
    "cdcdcdcd of the bus pass service: grant, because the published rule says so, by pension " +
    "age 2014. Power: Transport Act 2000 s.145A(4).",
  refusal: null,
};
const HIDDEN: TransactionRow = {
  id: HIDDEN_ID,
  timeMs: NOW_MS,
  sentence: null,
  refusal: {
    message: 0,
    code: "services/wrong-state",
    what: "The case was not in a state in which this may be done.",
  },
};
const ROWS: readonly TransactionRow[] = [DECIDED, HIDDEN];

const OVERVIEW: Overview = {
  network: NETWORK,
  newestBlock: { number: 128, timeMs: NOW_MS },
  checkpoint: {
    size: 1205,
    root: "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=",
    note:
      "demo.tallystick.example/5555555555555555\n1205\n" +
      "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=\n\n" +
      "— demo.tallystick.example/5555555555555555 Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=\n",
    cosigners: [
      { name: "severn-travel/executor", operator: TRAVEL_AUTHORITY, timeMs: NOW_MS },
      { name: "public-auditor/executor", operator: AUDIT_OFFICE, timeMs: NOW_MS },
    ],
    quorumMet: true,
  },
  operators: [
    {
      ...COUNCIL_SERVICE,
      ordersTransactions: true,
      address: "http://localhost:8080",
      site: "Shared Service Centre",
      members: [ABERWYE, AVONBRIDGE],
    },
    {
      ...TRAVEL_AUTHORITY,
      ordersTransactions: false,
      address: "http://localhost:8081",
      site: "Travel House",
      members: [SEVERN_TRAVEL, SEVERN_BUSES],
    },
    {
      ...AUDIT_OFFICE,
      ordersTransactions: false,
      address: "http://localhost:8082",
      site: "Audit Office",
      members: [AUDITOR],
    },
  ],
  counts: { transactions: 1071, refused: 1 },
  latest: ROWS,
};

const blockRow = (number: number): BlockRow => ({
  number,
  timeMs: NOW_MS - (128 - number) * 1000,
  entries: 9,
  proposer: COUNCIL_SERVICE,
});

export const TRANSACTION: TransactionView = {
  ...DECIDED,
  block: 128,
  leafIndex: 1203,
  leaf: "8701188000".repeat(12),
  facts: [
    { label: "Who", value: "Avonbridge City Council" },
    { label: "Where", value: "at City Hall" },
    { label: "Why", value: "the published rule says so, by pension age 2014" },
    { label: "Power", value: "Transport Act 2000 s.145A(4)" },
  ],
  rawUrl: `/v1/transactions/${TRANSACTION_ID}/bytes`,
  withheld: null,
};

const MEMBER: MemberView = {
  ...AVONBRIDGE,
  operator: COUNCIL_SERVICE,
  areas: [AVONBRIDGE_AREA],
  roles: ["travel-concession-authority"],
  sites: [{ id: "city-hall", name: "City Hall" }],
  keys: [{ purpose: "act", keyId: hash("7") }],
  staffKeys: 2,
};

export const DEFINITION: DefinitionView = {
  hash: DEFINITION_HASH,
  service: "bus-pass",
  version: "2026.1",
  stage: "published",
  votes: 3,
  votesNeeded: 3,
  adoptions: [
    {
      member: AVONBRIDGE,
      areas: [AVONBRIDGE_AREA],
      minute: "Cabinet 4 March 2026, item 7",
      inForceFrom: "2026-04-01",
    },
  ],
  roles: [
    { name: "applicant", kind: "person" },
    { name: "authority", kind: "member" },
  ],
  states: [
    { name: "applied", kind: "waiting" },
    { name: "granted", kind: "live" },
  ],
  actions: [
    {
      name: "apply",
      by: ["applicant"],
      from: [],
      to: ["applied"],
      gives: ["date-of-birth", "residence"],
    },
    {
      name: "decide",
      by: ["authority"],
      from: ["applied"],
      to: ["granted", "refused"],
      gives: [],
    },
  ],
  timers: [{ state: "applied", after: "10 working-days", what: "the authority is warned" }],
  disclosures: [
    {
      name: "pass-status",
      from: "authority",
      to: "operator",
      what: ["pass-number", "pass-status"],
      gateway: "hotlist",
    },
  ],
};

const AGREEMENT: AgreementView = {
  id: "hotlist",
  name: "Bus pass hot list",
  purpose: "Passes that were cancelled are refused on buses.",
  power: "Transport Act 2000 s.149",
  gateway: "agreement",
  controllers: [AVONBRIDGE, ABERWYE],
  recipients: [SEVERN_BUSES],
  disclosed: ["bus-pass/pass-status"],
  retention: "P1D",
  startDay: "2026-04-01",
  endDay: null,
  reviewDay: "2027-04-01",
  contact: "information.governance@avonbridge.example",
  areas: [AVONBRIDGE_AREA],
  live: false,
  waitingFor: [SEVERN_BUSES],
};

/** Replaces parts of the sample, for instance its receipts by ones that verify. */
export const sampleData = (parts: Partial<PortalData> = {}): PortalData => ({
  overview: async () => OVERVIEW,
  blocks: async ({ before }) => ({
    blocks: Array.from({ length: 12 }, (_, at) => blockRow((before ?? 129) - 1 - at)),
    older: before === null ? 117 : null,
  }),
  block: async (number) =>
    number > 128
      ? null
      : {
          ...blockRow(number),
          site: "Shared Service Centre",
          firstIndex: 1196,
          previousHeader: hash("1"),
          effectsDigest: hash("2"),
          stateRoot: hash("3"),
          protocolVersion: 1,
          transactions: ROWS,
          timers: 1,
          newest: 128,
        },
  transaction: async (id) => {
    if (id === TRANSACTION_ID) return TRANSACTION;
    const withheld = "The bytes are shown to those who take part in the case.";
    return id === HIDDEN_ID
      ? { ...TRANSACTION, ...HIDDEN, facts: [], rawUrl: null, withheld }
      : null;
  },
  members: async () => [MEMBER, { ...MEMBER, ...AUDITOR, areas: [], roles: ["auditor"] }],
  definitions: async () => [DEFINITION],
  definition: async (wanted) => (wanted === DEFINITION_HASH ? DEFINITION : null),
  agreements: async () => [AGREEMENT],
  receipt: async (id) =>
    id === TRANSACTION_ID
      ? { stage: "ready", text: "c2sp.org/tlog-proof@v1\n", operators: 3 }
      : { stage: "waiting", why: "One operator has still to sign. Come back in a few seconds." },
  policy: async () => "quorum none\n",
  ...parts,
});
