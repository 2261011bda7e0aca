import type { Actor } from "../actor.ts";
import { action, apply, decision, someHash } from "../bus-pass.ts";
import { type Lie, refused } from "../lie.ts";
import type { World } from "../world.ts";

const refuse = { outcome: "refuse" } as const;
const settle = { action: "settle" } as const;

/** A case that was refused by an officer, and whose applicant has asked for a review. */
async function underReview(world: World) {
  const found = await apply(world);
  const decider = await world.staff("avonbridge", "authority");
  await world.must(decider, [decision(found, refuse)]);
  await world.must(found.applicant, [action(found, "review")]);
  return { found, decider };
}

/** Gives an officer's key another role: the old registration goes, the new one comes. */
async function reRegister(world: World, actor: Actor, role: string): Promise<void> {
  const { member, signer } = actor;
  const remove = { type: "members/remove-staff-key", member, keyId: signer.keyId } as const;
  await world.must(world.member(member), [remove]);
  await world.register(actor, role);
}

/** Lies about a case: who may move it, when, by which rule. Each leaves a leaf with its code. */
export const caseLies: readonly Lie[] = [
  refused(
    {
      lie: "A neighbouring council decides a case that is not its own",
      teller: "another body",
      evidence: "services/wrong-role",
    },
    async (world) => {
      const messages = [decision(await apply(world, "avonbridge"))];
      return {
        lie: world.sign(world.member("severnside"), messages),
        truth: world.sign(world.member("avonbridge"), messages),
      };
    },
  ),
  refused(
    {
      lie: "An applicant grants his or her own application",
      teller: "a resident",
      evidence: "services/wrong-role",
    },
    async (world) => {
      const found = await apply(world);
      return {
        lie: world.sign(found.applicant, [decision(found)]),
        truth: world.sign(world.member("avonbridge"), [decision(found)]),
      };
    },
  ),
  refused(
    {
      lie: "A stranger withdraws another person's application",
      teller: "a resident",
      evidence: "services/wrong-role",
    },
    async (world) => {
      const found = await apply(world);
      const messages = [action(found, "stop")];
      return {
        lie: world.sign(world.person("avonbridge"), messages),
        truth: world.sign(found.applicant, messages),
      };
    },
  ),
  refused(
    {
      lie: "A state is skipped: a case is settled on review that nobody has decided",
      teller: "the deciding body",
      evidence: "services/wrong-state",
    },
    async (world) => {
      const reviewer = await world.staff("avonbridge", "reviewer");
      const undecided = await apply(world);
      const { found } = await underReview(world);
      return {
        lie: world.sign(reviewer, [decision(undecided, settle)]),
        truth: world.sign(reviewer, [decision(found, settle)]),
      };
    },
  ),
  refused(
    {
      lie: "A case is decided by another rule than the one under which it was opened",
      teller: "the deciding body",
      evidence: "services/wrong-rule",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await apply(world);
      return {
        lie: world.sign(body, [decision(found, { ruleHash: someHash() })]),
        truth: world.sign(body, [decision(found)]),
      };
    },
  ),
  refused(
    {
      lie: "A decision ends in an outcome that the definition does not know",
      teller: "the deciding body",
      evidence: "services/unknown-outcome",
    },
    async (world) => {
      const body = world.member("avonbridge");
      const found = await apply(world);
      return {
        lie: world.sign(body, [decision(found, { outcome: "postpone" })]),
        truth: world.sign(body, [decision(found)]),
      };
    },
  ),
  refused(
    {
      lie: "A review is endorsed by the officer who took the decision, made reviewer for it",
      teller: "the deciding body",
      evidence: "services/own-review",
    },
    async (world) => {
      const { found, decider } = await underReview(world);
      await reRegister(world, decider, "reviewer");
      const other = await world.staff("avonbridge", "reviewer");
      const messages = [decision(found, settle)];
      return { lie: world.sign(decider, messages), truth: world.sign(other, messages) };
    },
  ),
  refused(
    {
      lie: "The caseworker reviews the case, made reviewer for it",
      teller: "the deciding body",
      evidence: "services/never-also",
    },
    async (world) => {
      const found = await apply(world);
      const officer = await world.staff("avonbridge", "officer");
      await world.must(officer, [action(found, "ask")]);
      await world.must(found.applicant, [{ ...answer(found), commitment: someHash() }]);
      await world.must(world.member("avonbridge"), [decision(found, refuse)]);
      await world.must(found.applicant, [action(found, "review")]);
      await reRegister(world, officer, "reviewer");
      const other = await world.staff("avonbridge", "reviewer");
      const messages = [decision(found, settle)];
      return { lie: world.sign(officer, messages), truth: world.sign(other, messages) };
    },
  ),
];

const answer = (found: { readonly id: Uint8Array }) =>
  ({ type: "services/act", case: found.id, action: "answer" }) as const;
