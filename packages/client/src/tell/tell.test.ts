import { MESSAGE_NUMBERS, type Message, type MessageType, type Place } from "@tallystick/ledger";
import { describe, expect, it } from "vitest";
import { type Names, NO_NAMES } from "./names.ts";
import { tellTransaction } from "./tell.ts";

const HASH = new Uint8Array(32).fill(0xab);
const CASE = new Uint8Array(16).fill(0xcd);
const HEX = "ab".repeat(32);
const KEY = { kind: "ed25519", publicKey: HASH } as const;
const SITE: Place = { kind: "site", siteId: "city-hall" };
const NOON_MS = Date.UTC(2026, 10, 21, 12);

const NAMES: Names = {
  signer: (id) => (id === HEX ? "Avonbridge City Council" : null),
  member: (id) => ({ avonbridge: "Avonbridge City Council", buses: "Severn Buses" })[id] ?? null,
  site: (id) => (id === "city-hall" ? "City Hall" : null),
  area: (code) => (code === "E06000023" ? "Avonbridge" : null),
  service: (hash) =>
    hash === HEX
      ? { service: "bus-pass", version: "2026.1", power: "Transport Act 2000 s.145A(4)" }
      : null,
  definitionOfCase: () => HEX,
  agreement: (id) =>
    id === "hotlist" ? { name: "Bus pass hot list", power: "Transport Act 2000 s.149" } : null,
};

const MESSAGES: { readonly [T in MessageType]: Extract<Message, { type: T }> } = {
  "members/add-staff-key": {
    type: "members/add-staff-key",
    member: "avonbridge",
    key: KEY,
    role: "travel-desk",
    pseudonym: "officer-4",
  },
  "members/remove-staff-key": {
    type: "members/remove-staff-key",
    member: "avonbridge",
    keyId: HASH,
  },
  "members/add-site": {
    type: "members/add-site",
    member: "avonbridge",
    siteId: "depot",
    name: "Depot",
    place: SITE,
  },
  "agreements/publish": {
    type: "agreements/publish",
    id: "hotlist",
    terms: {
      name: "Bus pass hot list",
      purpose: "Cancelled passes are refused on buses",
      power: "Transport Act 2000 s.149",
      gateway: "agreement",
      controllers: ["avonbridge"],
      recipients: ["buses"],
      disclosed: ["bus-pass/pass.status"],
      method: "sealed",
      retention: "P1D",
      startDay: 20_000,
      endDay: null,
      reviewDay: 20_400,
      contact: "data@avonbridge.example",
      areas: ["E06000023"],
      onEnd: "stop",
    },
  },
  "agreements/accept": { type: "agreements/accept", id: "hotlist" },
  "agreements/end": { type: "agreements/end", id: "hotlist", endDay: 20_600 },
  "services/publish": { type: "services/publish", definition: HASH },
  "services/vote": { type: "services/vote", definition: HASH },
  "services/adopt": {
    type: "services/adopt",
    definition: HASH,
    member: "avonbridge",
    areas: ["E06000023"],
    minute: "Cabinet 2026-03-04 item 7",
    inForceFromDay: 20_544,
  },
  "services/open": {
    type: "services/open",
    case: CASE,
    definition: HASH,
    authority: "avonbridge",
    action: "apply",
    commitment: HASH,
    tags: [],
  },
  "services/act": { type: "services/act", case: CASE, action: "give-evidence", commitment: null },
  "services/decide": {
    type: "services/decide",
    case: CASE,
    action: "decide",
    outcome: "grant",
    ruleHash: HASH,
    tables: [{ name: "pension-age", version: "2014" }],
    commitment: HASH,
  },
  "services/disclose": {
    type: "services/disclose",
    case: CASE,
    disclosure: "pass-status",
    recipient: "buses",
    agreement: "hotlist",
    commitment: HASH,
    envelope: HASH,
    acknowledgeByMs: BigInt(NOON_MS),
  },
  "services/acknowledge": {
    type: "services/acknowledge",
    case: CASE,
    disclosureId: HASH,
    messageIndex: 0n,
  },
  "services/draw": {
    type: "services/draw",
    act: HASH,
    checkpoint: "note",
    cosigner: "public-auditor/executor",
  },
  "services/open-to-auditor": {
    type: "services/open-to-auditor",
    act: HASH,
    auditor: "public-auditor",
    envelope: HASH,
  },
  "services/finding": { type: "services/finding", act: HASH, agrees: true, findings: HASH },
  "services/erase": { type: "services/erase", case: CASE, holder: "buses" },
  "credentials/accredit": {
    type: "credentials/accredit",
    vct: "date-of-birth",
    issuer: "registrar",
    level: "high",
    key: KEY,
  },
  "credentials/withdraw": {
    type: "credentials/withdraw",
    vct: "date-of-birth",
    issuer: "registrar",
  },
  "credentials/status-list": {
    type: "credentials/status-list",
    issuer: "avonbridge",
    uri: "urn:list:1",
    version: 2n,
    list: HASH,
  },
};

const tell = (
  messages: readonly Message[],
  names: Names = NAMES,
  payload: { readonly place?: Place } = {},
) =>
  tellTransaction(
    {
      algorithm: -19,
      keyId: HASH,
      payload: {
        nonce: CASE,
        validUntilMs: 0n,
        actedAtMs: null,
        place: payload.place ?? SITE,
        capacity: { kind: "self" },
        sponsor: null,
        messages,
      },
    },
    { names, timeMs: NOON_MS },
  );

describe("tellTransaction", () => {
  it("says who, where, when, what, why and by which power in one sentence", () => {
    expect(tell([MESSAGES["services/decide"]]).sentence).toBe(
      "On 21 November 2026 at 12:00:00, Avonbridge City Council, at City Hall, decided case " +
        "cdcdcdcd of the bus pass service: grant, because the published rule says so, by pension " +
        "age 2014. Power: Transport Act 2000 s.145A(4).",
    );
    expect(tell([MESSAGES["services/disclose"]]).sentence).toBe(
      "On 21 November 2026 at 12:00:00, Avonbridge City Council, at City Hall, passed “pass " +
        "status” from case cdcdcdcd of the bus pass service to Severn Buses, sealed, to be " +
        "acknowledged by 21 November 2026 at 12:00:00, because the agreement “Bus pass hot list” " +
        "allows it. Power: Transport Act 2000 s.149.",
    );
  });

  it("gives a body’s own decision, or an agreement’s purpose, as the reason", () => {
    expect(tell([MESSAGES["services/adopt"]])).toMatchObject({
      why: "its own decision says so: Cabinet 2026-03-04 item 7",
      power: null,
    });
    const publish = MESSAGES["agreements/publish"];
    const terms = { ...publish.terms, purpose: "So that nobody rides on a lost pass" };
    expect(tell([{ ...publish, terms }]).sentence).toContain(", so that nobody rides on a");
    expect(tell([publish]).sentence).toContain(", because Cancelled passes are refused");
  });

  it("names a type of credential by its last word", () => {
    const withdraw = MESSAGES["credentials/withdraw"];
    expect(tell([withdraw]).did).toContain("the right to issue “date of birth”");
    const vct = "tallystick:registrar/date-of-birth";
    const { did } = tell([{ ...withdraw, vct }]);
    expect(did).toContain("the right to issue “date of birth” (tallystick:registrar)");
  });

  it("tells every message of the catalogue, with names and without", () => {
    expect(Object.keys(MESSAGES).sort()).toEqual([...MESSAGE_NUMBERS.keys()].sort());
    for (const message of Object.values(MESSAGES)) {
      for (const names of [NAMES, NO_NAMES]) {
        const { sentence } = tell([message], names);
        expect(sentence).toMatch(/^On 21 November 2026 at 12:00:00, .+\.$/s);
        expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
      }
    }
  });

  it("tells several messages of one transaction, each once", () => {
    const { did } = tell([
      MESSAGES["agreements/accept"],
      MESSAGES["agreements/accept"],
      MESSAGES["services/erase"],
    ]);
    expect(did).toBe(
      "accepted the agreement “Bus pass hot list” and destroyed the key to what Severn Buses " +
        "held in case cdcdcdcd of the bus pass service",
    );
  });

  it("names every kind of place, and whoever it does not know by their key", () => {
    const places: readonly (readonly [Place, string])[] = [
      [SITE, "at City Hall"],
      [{ kind: "site", siteId: "depot" }, "at the site depot"],
      [{ kind: "uprn", uprn: 100n }, "at the property 100"],
      [{ kind: "grid", reference: "ST5873", precisionMetres: 1000n }, "in the grid square ST5873"],
      [
        {
          kind: "coordinates",
          latitudeE7: 514_545_000n,
          longitudeE7: -25_879_000n,
          precisionMetres: 10n,
        },
        "within 10 m of 51.4545, -2.5879",
      ],
      [{ kind: "area", code: "E06000023" }, "in Avonbridge"],
      [{ kind: "area", code: "W06000021" }, "in the area W06000021"],
    ];
    for (const [place, words] of places) {
      expect(tell([MESSAGES["agreements/accept"]], NAMES, { place }).where).toBe(words);
    }
    expect(tell([MESSAGES["agreements/accept"]], NO_NAMES).who).toBe(
      "a body known by the key abababab",
    );
  });
});
