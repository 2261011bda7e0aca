import { judgeReceipt, nobleHost } from "@tallystick/client";
import { type AgreementTerms, decodeLeaf, getAgreement } from "@tallystick/ledger";
import { fromHex, parsePolicy, toHex } from "@tallystick/log";
import { nodeSha256 } from "@tallystick/node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ExplorerNode } from "./explorer-node.ts";
import { createPortalData, type Explorer } from "./portal-data.ts";
import {
  CASE_ID,
  COMMITMENT,
  ENVELOPE,
  HOME_UPRN,
  PRIVATE_KEYS,
  recordSampleCase,
  type SampleCase,
} from "./testing/sample-case.ts";
import { type SampleNetwork, startSample } from "./testing/sample-network.ts";

const COUNCIL = "Avonbridge City Council";
const AT_HALL = "at City Hall, Avonbridge";
const A_CASE = "a case of the bus pass service";
const UNDER = "under Transport Act 2000 s.145A(4)";
const HOTLIST = "“Stopping lost and withdrawn bus passes”";

/** One row an act: what everybody reads of it. */
const SENTENCES: Readonly<Record<keyof SampleCase, string>> = {
  addStaff: `${COUNCIL} gave officer 4 (officer) of ${COUNCIL} a key to sign with, ${AT_HALL}.`,
  addSite:
    `${COUNCIL} registered “Central Library, Avonbridge” as a site of ${COUNCIL}, ` + `${AT_HALL}.`,
  open: `A resident opened ${A_CASE} with ${COUNCIL}, ${UNDER}.`,
  decide:
    `${COUNCIL} decided ${A_CASE}, ${AT_HALL}, ${UNDER}, ` +
    "because the service’s published rules (2026-04) say so.",
  disclose:
    `${COUNCIL} passed on, sealed, what Severn Buses needs to know from ${A_CASE}, ${AT_HALL}, ` +
    `${UNDER}, so that a pass which is lost, stolen or withdrawn is refused on the bus.`,
  acknowledge:
    `Severn Buses acknowledged that what was passed on from ${A_CASE} has arrived, ` +
    `at Bus Depot, ${UNDER}.`,
  draw:
    "Public Auditor drew by lot, to be checked by an auditor, a decision of " +
    `${COUNCIL} in ${A_CASE}, at Audit House.`,
  openToAuditor:
    `${COUNCIL} opened, sealed, to Public Auditor a drawn decision in ${A_CASE}, ` + `${AT_HALL}.`,
  finding:
    `Public Auditor recorded what it found on checking a drawn decision of ${COUNCIL} ` +
    `in ${A_CASE}, at Audit House.`,
  stop: `An officer of ${COUNCIL} took a step in ${A_CASE} with ${COUNCIL}, ${UNDER}.`,
  erase: `${COUNCIL} destroyed the key to what ${COUNCIL} held of ${A_CASE}, ${AT_HALL}.`,
  refused:
    `Severn Buses asked the ledger to record that it accepted the agreement ${HOTLIST}, ` +
    `at Bus Depot, ${UNDER}; a rule refused it.`,
  statusList: `${COUNCIL} published status list 1 of ${COUNCIL}, ${AT_HALL}.`,
};
const OPEN: readonly (keyof SampleCase)[] = ["addStaff", "addSite", "refused", "statusList"];
const NAMES = Object.keys(SENTENCES) as (keyof SampleCase)[];
const IN_A_CASE = NAMES.filter((name) => !OPEN.includes(name));

/** Nothing of the case may be read from what anybody is shown. */
const SECRETS: readonly string[] = [
  ...[CASE_ID, COMMITMENT, ENVELOPE, ...PRIVATE_KEYS].map((bytes) => toHex(bytes)),
  ...[String(HOME_UPRN), '"grant"', "agrees", toHex(CASE_ID).slice(0, 8)],
];

let network: SampleNetwork;
let node: ExplorerNode;
let acts: SampleCase;
let data: Explorer;
beforeAll(async () => {
  network = await startSample();
  acts = await recordSampleCase(network);
  await network.allSigned();
  node = network.node("council-service").ledger;
  data = createPortalData(node);
});
afterAll(() => network?.stop());

const policyOf = async () => {
  const parsed = parsePolicy(nodeSha256, await data.policy());
  if (!parsed.ok) throw new Error("no policy");
  return parsed.policy;
};

const receiptOf = async (id: string) => {
  const receipt = await data.receipt(id);
  if (receipt.stage !== "ready") throw new Error(`the receipt is ${receipt.stage}`);
  return { ...receipt, report: judgeReceipt(nobleHost, receipt.text, await policyOf()) };
};

describe("a transaction", () => {
  it.each(NAMES)("%s is told in one sentence", async (name) => {
    const view = await data.transaction(acts[name].id);
    expect(view?.sentence).toBe(SENTENCES[name]);
    const row = (await data.block(view?.block ?? 0))?.transactions.find(
      ({ id }) => id === acts[name].id,
    );
    expect(row?.sentence).toBe(SENTENCES[name]);
    const labels = view?.facts.map(({ label }) => label) ?? [];
    expect(labels).toEqual(expect.arrayContaining(["Who", "Where"]));
    expect(new Set(labels).size).toBe(labels.length);
  });

  it.each(IN_A_CASE)("%s shows only that it stands", async (name) => {
    const { id } = acts[name];
    const view = await data.transaction(id);
    expect(view).toMatchObject({ rawUrl: null, refusal: null });
    expect(view?.withheld).toMatch(/person’s case/);
    expect(data.transactionBytes(id)).toBeNull();
    const { report, operators } = await receiptOf(id);
    expect(report).toMatchObject({
      verdict: "holds",
      operators: 3,
      subject: { transaction: null },
    });
    expect(operators).toBe(report.operators);
    const block = await data.block(view?.block ?? 0);
    const shown = JSON.stringify([view, block, await data.receipt(id)]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  it.each(OPEN)("%s is shown with its bytes", async (name) => {
    const { id } = acts[name];
    const view = await data.transaction(id);
    expect(view).toMatchObject({ rawUrl: `/transactions/${id}/transaction.cose`, withheld: null });
    const leaf = decodeLeaf(fromHex(view?.leaf ?? "") ?? new Uint8Array());
    const bytes = data.transactionBytes(id) ?? new Uint8Array();
    const bytesHash = nodeSha256.one(bytes);
    expect(leaf).toMatchObject({ ok: true, leaf: { kind: "transaction", bytesHash } });
    const { report } = await receiptOf(id);
    expect(report).toMatchObject({ verdict: "holds", subject: { signatureChecked: true } });
  });

  it("says what was asked for and why a rule refused it", async () => {
    const view = await data.transaction(acts.refused.id);
    const value = `That it accepted the agreement ${HOTLIST}`;
    expect(view?.facts).toContainEqual({ label: "Asked for", value });
    expect(view?.refusal).toEqual({
      message: 0,
      code: "agreements/already-accepted",
      what: "This body has already agreed.",
    });
  });

  it("is not there under another id", async () => {
    const other = "ab".repeat(32);
    expect(await data.transaction(other)).toBeNull();
    expect(await data.receipt(other)).toEqual({ stage: "unknown" });
    expect(data.transactionBytes("no hash")).toBeNull();
  });

  it("with many messages tells the first and counts the others", async () => {
    const [row] = (await data.block(1))?.transactions ?? [];
    expect(row?.sentence).toMatch(/^Identity Registrar accredited .+ and did 9 more things in/);
    const view = await data.transaction(row?.id ?? "");
    const what = view?.facts.filter(({ label }) => label.startsWith("What")) ?? [];
    expect(what).toHaveLength(11);
    expect(what[10]?.label).toBe("What (11 of 11)");
  });
});

describe("the overview", () => {
  it("says who runs what, what is signed and what was done last", async () => {
    const view = await data.overview();
    expect(view.network).toMatchObject({ name: "Severnside demonstration", demonstration: true });
    expect(view.counts).toEqual({ transactions: 28, refused: 1 });
    expect(view.operators.map(({ site }) => site)).toEqual([
      "Shared Service Centre",
      "Travel House",
      "Audit House",
    ]);
    expect(view.checkpoint.quorumMet).toBe(true);
    expect(view.checkpoint.cosigners.map(({ name, operator }) => [name, operator.name])).toEqual([
      ["public-auditor/executor", "Public auditor"],
      ["severn-travel/executor", "Severn travel authority"],
    ]);
    const [cosigner] = view.checkpoint.cosigners;
    const foundedS = Math.floor(Number(network.genesis.timeMs) / 1000);
    expect(cosigner?.timeMs).toBeGreaterThanOrEqual(foundedS * 1000);
    expect(view.latest).toHaveLength(10);
    expect(view.latest[0]?.id).toBe(acts.statusList.id);
    expect(view.latest[1]?.id).toBe(acts.refused.id);
  });

  it("is worked out once for each block, and reads each block once", async () => {
    const read = vi.spyOn(node.replica.store, "block");
    const fresh = createPortalData(node);
    const first = await fresh.overview();
    expect(await fresh.overview()).toBe(first);
    expect(read.mock.calls.length).toBeLessThanOrEqual(10);
    const numbers = read.mock.calls.map(([number]) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    read.mockClear();
    await fresh.blocks({ before: null, limit: 50 });
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});

describe("blocks", () => {
  it("are listed newest first, each once, down to the first", async () => {
    const newest = node.replica.blockNumber;
    const seen: number[] = [];
    let before: number | null = null;
    do {
      const page: Awaited<ReturnType<Explorer["blocks"]>> = await data.blocks({ before, limit: 5 });
      seen.push(...page.blocks.map(({ number }) => number));
      before = page.older;
    } while (before !== null);
    expect(seen).toEqual(Array.from({ length: newest }, (_, at) => newest - at));
  });

  it("outside the ledger are none", async () => {
    const nothing = { blocks: [], older: null };
    expect(await data.blocks({ before: 1, limit: 50 })).toEqual(nothing);
    expect((await data.blocks({ before: 10_000, limit: 3 })).blocks[0]?.number).toBe(
      node.replica.blockNumber,
    );
    expect(await data.block(node.replica.blockNumber + 1)).toBeNull();
  });

  it("follow each other in the log", async () => {
    const [one, two] = await Promise.all([data.block(18), data.block(19)]);
    expect(two?.firstIndex).toBe((one?.firstIndex ?? 0) + (one?.entries ?? 0) + 1);
    expect(two).toMatchObject({ timers: 0, newest: node.replica.blockNumber });
    expect(two?.proposer.name).toBe("Shared council service");
  });
});

describe("the registers", () => {
  it("list members with what was added since", async () => {
    const member = (await data.members()).find(({ id }) => id === "avonbridge");
    expect(member).toMatchObject({
      name: COUNCIL,
      operator: { name: "Shared council service" },
      areas: [{ id: "E06000023", name: `The area of ${COUNCIL} (E06000023)` }],
      staffKeys: 1,
    });
    expect(member?.sites.map(({ name }) => name)).toEqual([
      "Central Library, Avonbridge",
      "City Hall, Avonbridge",
    ]);
    expect(member?.keys).toHaveLength(1);
    const travel = (await data.members()).find(({ id }) => id === "severn-travel");
    expect(travel?.areas[0]?.name).toBe("The area of Deanforest District Council (E07000080)");
  });

  it("list definitions with votes and adoptions", async () => {
    const [summary] = await data.definitions();
    expect(summary).toMatchObject({ service: "bus-pass", stage: "published", votesNeeded: 3 });
    expect(summary?.adoptions).toHaveLength(5);
    const view = await data.definition(toHex(network.definition));
    expect(view?.adoptions[2]).toMatchObject({ member: { id: "avonbridge" } });
    expect(view?.actions[0]).toMatchObject({
      name: "apply",
      gives: ["date of birth", "residence"],
    });
    expect(view?.actions.find(({ name }) => name === "decide")?.to).toEqual(["issued", "refused"]);
    expect(view?.timers.map(({ after, what }) => `${after}: ${what}`)).toEqual([
      "10 working-days: The officer is warned",
      "28 days: The action “stop” is taken",
      "28 days: The case becomes ended",
      "20 working-days: The reviewer is warned",
    ]);
    expect(view?.disclosures[0]).toMatchObject({
      what: ["pass status"],
      gateway:
        "An agreement “hotlist”, under Transport Act 2000 s.145A(4) (England); " +
        "Transport Act 2000 s.145B (Wales)",
    });
    expect(await data.definition("ab".repeat(32))).toBeNull();
  });

  it("list agreements with their terms", async () => {
    const agreements = await data.agreements();
    expect(agreements).toHaveLength(5);
    const [first] = agreements;
    expect(first).toMatchObject({
      ...{ id: "hotlist/aberwye", live: true, waitingFor: [], retention: "P1D" },
      ...{ startDay: "2026-04-01", endDay: null, disclosed: ["pass status (bus pass)"] },
    });
  });

  it("say which agreements hold and whose signature is missing", async () => {
    const power = "Digital Economy Act 2017 s.35";
    const terms = { ...hotlistTerms(), name: "Another", power };
    const publish = (id: string, more: Partial<AgreementTerms>) =>
      network.record({ member: "avonbridge" }, [
        { type: "agreements/publish", id, terms: { ...terms, ...more } },
      ]);
    await publish("hotlist/another", {});
    await publish("by-law", { gateway: "statute" });
    await publish("later-law", { gateway: "statute", startDay: 40_000, reviewDay: 40_001 });
    const found = new Map((await data.agreements()).map((view) => [view.id, view]));
    expect(found.get("hotlist/another")).toMatchObject({
      live: false,
      waitingFor: [{ name: "Severn Buses" }],
    });
    expect(found.get("by-law")).toMatchObject({ live: true, gateway: "by statute" });
    expect(found.get("later-law")).toMatchObject({ live: false, waitingFor: [] });
    const { id, answer } = await network.record({ member: "avonbridge" }, [
      {
        ...{ type: "services/disclose", case: CASE_ID, disclosure: "hotlist" },
        ...{ recipient: "severn-buses", agreement: "hotlist/another", commitment: COMMITMENT },
        ...{ envelope: ENVELOPE, acknowledgeByMs: 1n },
      },
    ]);
    expect(answer).toMatchObject({ ok: false, code: "services/no-live-gateway" });
    expect((await data.transaction(id))?.sentence).toContain(`under ${power}`);
  });
});

const hotlistTerms = (): AgreementTerms => {
  const found = getAgreement(node.replica.state.map, "hotlist/avonbridge");
  if (found === null) throw new Error("no agreement");
  return found.terms;
};

describe("as time goes on", () => {
  it("an officer whose key was removed is still told as staff", async () => {
    const [keyId] = PRIVATE_KEYS.slice(3);
    await network.record({ member: "avonbridge" }, [
      {
        type: "members/remove-staff-key",
        member: "avonbridge",
        keyId: keyId ?? new Uint8Array(),
      },
    ]);
    const { sentence } = (await data.transaction(acts.stop.id)) ?? {};
    expect(sentence).toMatch(/^A member of staff whose key has been removed since took a step in/);
  });

  it("a receipt waits until every operator has signed", async () => {
    await network.allSigned();
    await network.stopOperator("auditor");
    const late = await network.record({ member: "avonbridge" }, [
      { type: "agreements/end", id: "by-law", endDay: 30_000 },
    ]);
    const signed = () =>
      node.book.entries.some(({ cosignatures }) => cosignatures.size === 1) &&
      (node.book.newest?.checkpoint.size ?? 0) === node.replica.size;
    await node.book.changed.until(signed, 20_000);
    const receipt = await data.receipt(late.id);
    expect(receipt).toMatchObject({ stage: "waiting" });
    expect(JSON.stringify(receipt)).toContain("but Public auditor has still to work it out");
    expect((await data.overview()).checkpoint.quorumMet).toBe(true);
  });
});
