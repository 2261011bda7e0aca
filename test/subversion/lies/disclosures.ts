import { type AgreementTerms, getAgreement, londonDay, type Message } from "@tallystick/ledger";
import { disclosure, granted } from "../bus-pass.ts";
import { type Lie, refused } from "../lie.ts";
import type { World } from "../world.ts";

const DAY_MS = 86_400_000;

/** An agreement like avonbridge's own, published by it under a new name with these changes. */
async function publishAgreement(
  world: World,
  changes: Partial<AgreementTerms> = {},
): Promise<string> {
  const known = getAgreement(world.state, "hotlist/avonbridge");
  if (known === null) throw new Error("the demonstration has no such agreement");
  const id = `hotlist/${world.fresh("agreement")}`;
  const terms = { ...known.terms, ...changes };
  await world.must(world.member("avonbridge"), [{ type: "agreements/publish", id, terms }]);
  return id;
}

const accept = (world: World, id: string) =>
  world.must(world.member("severn-buses"), [{ type: "agreements/accept", id }]);

/** Lies about what flows from body to body. */
export const disclosureLies: readonly Lie[] = [
  refused(
    {
      lie: "Data flows under an agreement that its recipient never accepted",
      teller: "the deciding body",
      evidence: "services/no-live-gateway",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      const agreement = await publishAgreement(world);
      return {
        lie: world.sign(body, [disclosure(world, found, { agreement })]),
        truth: world.sign(body, [disclosure(world, found)]),
      };
    },
  ),
  refused(
    {
      lie: "Data flows with no agreement at all",
      teller: "the deciding body",
      evidence: "services/no-live-gateway",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      return {
        lie: world.sign(body, [disclosure(world, found, { agreement: null })]),
        truth: world.sign(body, [disclosure(world, found)]),
      };
    },
  ),
  refused(
    {
      lie: "Data flows on in a new case after the agreement has ended",
      teller: "the deciding body",
      evidence: "services/no-live-gateway",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const agreement = await publishAgreement(world);
      await accept(world, agreement);
      const before = await granted(world);
      const endDay = londonDay(world.nowMs);
      await world.must(body, [{ type: "agreements/end", id: agreement, endDay }]);
      world.consortium.clock.advance(DAY_MS);
      const after = await granted(world);
      return {
        lie: world.sign(body, [disclosure(world, after, { agreement })]),
        truth: world.sign(body, [disclosure(world, before, { agreement })]),
      };
    },
  ),
  refused(
    {
      lie: "More is disclosed than the agreement covers",
      teller: "the deciding body",
      evidence: "services/no-live-gateway",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      const narrow = await publishAgreement(world, { disclosed: ["bus-pass/pass.number"] });
      const wide = await publishAgreement(world);
      await accept(world, narrow);
      await accept(world, wide);
      return {
        lie: world.sign(body, [disclosure(world, found, { agreement: narrow })]),
        truth: world.sign(body, [disclosure(world, found, { agreement: wide })]),
      };
    },
  ),
  refused(
    {
      lie: "Something is disclosed that the definition does not name",
      teller: "the deciding body",
      evidence: "services/unknown-disclosure",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      return {
        lie: world.sign(body, [disclosure(world, found, { disclosure: "birthdays" })]),
        truth: world.sign(body, [disclosure(world, found)]),
      };
    },
  ),
  refused(
    {
      lie: "A disclosure goes to a body for which it is not meant",
      teller: "the deciding body",
      evidence: "services/wrong-recipient",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      return {
        lie: world.sign(body, [disclosure(world, found, { recipient: "aberwye" })]),
        truth: world.sign(body, [disclosure(world, found)]),
      };
    },
  ),
  refused(
    {
      lie: "The sender acknowledges its own disclosure in the recipient's stead",
      teller: "the deciding body",
      evidence: "services/not-the-recipient",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await granted(world);
      const disclosureId = await world.must(body, [disclosure(world, found)]);
      const message: Message = {
        type: "services/acknowledge",
        ...{ case: found.id, disclosureId, messageIndex: 0n },
      };
      return {
        lie: world.sign(body, [message]),
        truth: world.sign(world.member("severn-buses"), [message]),
      };
    },
  ),
];
