import type { Message } from "@tallystick/ledger";
import { hashOf, hashOfDefinition, idOf, messages } from "../support/consortium.ts";
import { ed25519Signer } from "../support/transactions.ts";
import { handIn, OFFICERS, type Orderer, sign } from "./orderer.ts";

/**
 * The stated mix, all of it signed with Ed25519: one third of the transactions opens a case (an
 * officer, with a tag that keeps a person to one case and a timer of ten working days), one third
 * decides such a case (another officer), one third registers a site (a member).
 */
export function prepareMix(orderer: Orderer, count: number, batch = 0): Uint8Array[] {
  const definition = hashOfDefinition(orderer.definition);
  const officers = OFFICERS.map(ed25519Signer);
  const members = MEMBERS.map((member) => ({ member, signer: ed25519Signer(`${member}/act`) }));
  const officer = (at: number) => officers[at % officers.length] as (typeof officers)[number];
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / 3);
    const name = `case ${batch}/${turn}`;
    if (index % 3 === 0) return sign(orderer, officer(turn), [open(name, definition)]);
    if (index % 3 === 1) return sign(orderer, officer(turn + 1), [decide(name, definition)]);
    const { member, signer } = members[turn % members.length] as (typeof members)[number];
    return sign(orderer, signer, [addSite(member, `depot-${batch}-${turn}`)]);
  });
}

const MEMBERS = ["avon", "severn", "registrar", "buses", "auditor"] as const;
const DEPOT = { kind: "grid", reference: "ST5873", precisionMetres: 1000n } as const;

const open = (name: string, definition: Uint8Array): Message => {
  const tags = [{ name: "applicant", tag: hashOf(name) }];
  return messages.open({ case: idOf(name), definition, tags });
};

const decide = (name: string, ruleHash: Uint8Array): Message =>
  messages.decide("grant", { case: idOf(name), ruleHash });

const addSite = (member: string, siteId: string): Message => ({
  ...{ type: "members/add-site", member, siteId, name: "Depot", place: DEPOT },
});

/** Clients that each wait for the durable commit before they write again. */
const AT_ONCE = 900;

/** Writes everything, in order, and waits until the read models have it too. */
export async function writeAll(orderer: Orderer, transactions: readonly Uint8Array[]) {
  let next = 0;
  const client = async (): Promise<void> => {
    for (let at = next++; at < transactions.length; at = next++) {
      await handIn(orderer, transactions[at] as Uint8Array);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  orderer.node.ledger.views.counts();
}

/** A ledger on disk with so many transactions of the mix. */
export async function filledOrderer(orderer: Orderer, count: number): Promise<Orderer> {
  await writeAll(orderer, prepareMix(orderer, count));
  return orderer;
}
