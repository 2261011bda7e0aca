import { randomBytes } from "node:crypto";
import type { Message, Place } from "@tallystick/ledger";
import { bend } from "../actor.ts";
import { apply, decision, opening } from "../bus-pass.ts";
import { type Lie, type Observed, refused } from "../lie.ts";
import type { World } from "../world.ts";

const SECOND_MS = 1_000n;
const HOUR_MS = 3_600_000n;

const newSite = (world: World, member: string): Message => ({
  type: "members/add-site",
  member,
  siteId: world.fresh("depot"),
  name: "Depot",
  place: { kind: "uprn", uprn: 100120796n },
});

/** The same transaction a second time, after the node that recorded it has started again. */
async function repeatAfterRestart(world: World): Promise<Observed> {
  const body = world.member("avonbridge");
  const message = newSite(world, "avonbridge");
  const bytes = world.sign(body, [message]);
  const first = await world.send(bytes);
  await world.settled();
  await world.restartOrderer();
  const told = await world.tell(bytes);
  const other = await world.send(world.sign(body, [newSite(world, "avonbridge")]));
  return { ...told, honest: first === "ok" ? other : first };
}

const district: Place = { kind: "area", code: "E06000023" };
const doorstep: Place = { kind: "uprn", uprn: 100120796n };

/** Lies about who signs, when, where and for which ledger. None of them leaves a leaf. */
export const signingLies: readonly Lie[] = [
  refused(
    {
      lie: "An act is put in a body's mouth: the signature is not by its key",
      teller: "anybody",
      evidence: "transaction/bad-signature",
    },
    async (world) => {
      const truth = world.sign(world.member("avonbridge"), [newSite(world, "avonbridge")]);
      return { lie: bend(truth), truth };
    },
  ),
  refused(
    {
      lie: "An act signed for another ledger is brought to this one",
      teller: "anybody",
      evidence: "transaction/bad-signature",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const messages = [newSite(world, "avonbridge")];
      const networkId = new Uint8Array(randomBytes(32));
      return { lie: world.sign(body, messages, { networkId }), truth: world.sign(body, messages) };
    },
  ),
  {
    lie: "A recorded act is sent again after the ordering node has restarted",
    teller: "anybody",
    verdict: "refused by all",
    evidence: "transaction/repeated",
    run: repeatAfterRestart,
  },
  refused(
    {
      lie: "An act is kept back until its last valid moment is over",
      teller: "a body",
      evidence: "transaction/expired",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const messages = [newSite(world, "avonbridge")];
      const validUntilMs = world.nowMs - SECOND_MS;
      return {
        lie: world.sign(body, messages, { validUntilMs }),
        truth: world.sign(body, messages),
      };
    },
  ),
  refused(
    {
      lie: "A body withholds where it acted and names its district alone",
      teller: "a body",
      evidence: "transaction/place-too-coarse",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const messages = [newSite(world, "avonbridge")];
      return {
        lie: world.sign(body, messages, { place: district }),
        truth: world.sign(body, messages),
      };
    },
  ),
  refused(
    {
      lie: "A body says that it acted at a site which it never registered",
      teller: "a body",
      evidence: "transaction/site-unknown",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const messages = [newSite(world, "avonbridge")];
      const place: Place = { kind: "site", siteId: "nowhere" };
      return { lie: world.sign(body, messages, { place }), truth: world.sign(body, messages) };
    },
  ),
  refused(
    {
      lie: "A body's portal writes a resident's address into the resident's act",
      teller: "a body",
      evidence: "transaction/place-too-fine",
    },
    async (world) => {
      const applicant = world.person("avonbridge");
      const message = opening("avonbridge");
      return {
        lie: world.sign(applicant, [message], { place: doorstep }),
        truth: world.sign(applicant, [message]),
      };
    },
  ),
  refused(
    {
      lie: "An officer says that the act was done at a time still to come",
      teller: "a member of staff",
      evidence: "transaction/acted-at-in-future",
    },
    async (world) => {
      const officer = await world.staff("avonbridge", "authority");
      const messages = [decision(await apply(world))];
      return {
        lie: world.sign(officer, messages, { actedAtMs: world.nowMs + HOUR_MS }),
        truth: world.sign(officer, messages, { actedAtMs: world.nowMs - SECOND_MS }),
      };
    },
  ),
];
