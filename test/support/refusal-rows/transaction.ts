import { admit, MAX_LIVE_IDS, type Message } from "@tallystick/ledger";
import { hashOf, runningLedger, START_MS, testDefinition, testGenesis } from "../ledger.ts";
import { nodeHost } from "../transactions.ts";
import type { RefusalRow } from "./row.ts";

const accept: Message = { type: "agreements/accept", id: "none" };

/** Fate (a), after the form of the transaction has been found right. */
export const transactionRows: readonly RefusalRow[] = [
  {
    code: "transaction/expired",
    when: "its last moment was before the block",
    run: (ledger) => ledger.submit("avon/act", accept, { validUntilMs: START_MS }),
  },
  {
    code: "transaction/valid-too-long",
    when: "it would be valid for more than ten minutes",
    run: (ledger) => ledger.submit("avon/act", accept, { validUntilMs: ledger.nowMs + 600_002n }),
  },
  {
    code: "transaction/repeated",
    when: "the same bytes come again",
    run: (ledger) => {
      const bytes = ledger.sign("avon/act", [accept]);
      ledger.send(bytes);
      return ledger.send(bytes);
    },
  },
  {
    code: "transaction/busy",
    when: "the table of recent ids is full",
    run: (ledger) => {
      Object.defineProperty(ledger.state.liveIds, "size", { value: MAX_LIVE_IDS });
      return ledger.submit("avon/act", accept);
    },
  },
  {
    code: "transaction/key-unknown",
    when: "nobody knows the key and it is not given",
    run: (ledger) => ledger.submit("person:ann", accept, { withKey: false }),
  },
  {
    code: "transaction/key-kind-not-allowed",
    when: "an Ed25519 key of nobody signs",
    run: (ledger) => ledger.submit("stranger", accept, { sponsor: "avon" }),
  },
  {
    code: "transaction/sponsor-missing",
    when: "a resident's transaction names no sponsor",
    run: (ledger) => ledger.submit("person:ann", accept, { sponsor: null }),
  },
  {
    code: "transaction/sponsor-unknown",
    when: "the sponsor does not take part",
    run: (ledger) => ledger.submit("person:ann", accept, { sponsor: "stranger" }),
  },
  {
    code: "transaction/sponsor-not-needed",
    when: "a body's key names a sponsor",
    run: (ledger) => ledger.submit("avon/act", accept, { sponsor: "avon" }),
  },
  {
    code: "transaction/sponsor-quota",
    when: "the sponsor's quota for the block is used up",
    on: () => runningLedger(testDefinition(), testGenesis({ sponsorQuotaPerBlock: 2n })),
    run: (ledger) => {
      const people = ["ann", "ben", "cat"].map((name) => ledger.sign(`person:${name}`, [accept]));
      const result = ledger.block(people);
      return result?.dropped.find(({ index }) => index === 2)?.code ?? "nothing";
    },
  },
  {
    code: "transaction/place-too-coarse",
    when: "a body says only in which area it acts",
    run: (ledger) =>
      ledger.submit("avon/act", accept, { place: { kind: "area", code: "E06000023" } }),
  },
  {
    code: "transaction/place-too-fine",
    when: "a resident gives a UPRN",
    run: (ledger) => ledger.submit("person:ann", accept, { place: { kind: "uprn", uprn: 1n } }),
  },
  {
    code: "transaction/place-too-fine",
    when: "a resident gives coordinates",
    run: (ledger) =>
      ledger.submit("person:ann", accept, {
        place: {
          ...{ kind: "coordinates", latitudeE7: 514_500_000n, longitudeE7: -25_900_000n },
          precisionMetres: 10_000n,
        },
      }),
  },
  {
    code: "transaction/site-unknown",
    when: "the site is not registered",
    run: (ledger) =>
      ledger.submit("avon/act", accept, { place: { kind: "site", siteId: "attic" } }),
  },
  {
    code: "transaction/acted-at-not-allowed",
    when: "a resident says when",
    run: (ledger) => ledger.submit("person:ann", accept, { actedAtMs: START_MS }),
  },
  {
    code: "transaction/acted-at-not-allowed",
    when: "a body's act key says when",
    run: (ledger) => ledger.submit("avon/act", accept, { actedAtMs: START_MS }),
  },
  {
    code: "transaction/acted-at-in-future",
    when: "staff act more than a minute ahead",
    run: (ledger) => ledger.submit("olwen", accept, { actedAtMs: ledger.nowMs + 60_002n }),
  },
  {
    code: "transaction/bad-signature",
    when: "a bit of the signature is another",
    run: (ledger) => {
      const bytes = ledger.sign("avon/act", [accept]);
      bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
      return ledger.send(bytes);
    },
  },
  {
    code: "transaction/bad-signature",
    when: "it is signed for another network",
    run: (ledger) => ledger.submit("avon/act", accept, { networkId: hashOf("other") }),
  },
  {
    code: "transaction/wrong-network",
    when: "it is signed for another network that the node knows",
    run: (ledger) => {
      const other = hashOf("other");
      const bytes = ledger.sign("avon/act", [accept], { networkId: other });
      const admission = admit(nodeHost, ledger.state, ledger.nowMs, bytes, [other]);
      return admission.ok ? "ok" : admission.code;
    },
  },
];
