import { getDraw, type Message } from "@tallystick/ledger";
import { formatNote, type Hash, parseNote } from "@tallystick/log";
import { apply, decision, someHash } from "../bus-pass.ts";
import { type Lie, type Observed, refused } from "../lie.ts";
import { until } from "../network.ts";
import type { World } from "../world.ts";

const AUDITOR = "public-auditor";
const TRAVEL = "severn-travel";
const FIFTEEN_DAYS_MS = 15 * 86_400_000;

/** A decision by the travel authority, which also cosigns: the id of the act. */
async function decided(world: World): Promise<Hash> {
  const found = await apply(world, TRAVEL);
  return await world.must(world.member(TRAVEL), [decision(found)]);
}

/** The message by which a body draws a decision by its own cosignature. */
async function draw(world: World, member: string, act: Hash): Promise<Message> {
  const ledger = world.ledger(member === AUDITOR ? "auditor" : "travel-authority");
  const leafIndex = (): number => ledger.recorded(act)?.leafIndex ?? Number.MAX_SAFE_INTEGER;
  await until("a checkpoint over the act is cosigned", () => {
    return (ledger.cosigned(member)?.size ?? 0) > leafIndex();
  });
  const checkpoint = ledger.cosigned(member)?.note ?? "";
  return { type: "services/draw", act, checkpoint, cosigner: `${member}/executor` };
}

/** A decision that the auditor has drawn. */
async function drawn(world: World): Promise<Hash> {
  const act = await decided(world);
  await world.must(world.member(AUDITOR), [await draw(world, AUDITOR, act)]);
  return act;
}

const openTo = (act: Hash, auditor: string): Message => ({
  type: "services/open-to-auditor",
  ...{ act, auditor, envelope: someHash() },
});

/** A drawn decision that is never opened, beside one that is. */
async function keepSilent(world: World): Promise<Observed> {
  const hidden = await drawn(world);
  const shown = await drawn(world);
  await world.must(world.member(TRAVEL), [openTo(shown, AUDITOR)]);
  world.consortium.clock.advance(FIFTEEN_DAYS_MS);
  // Any act makes the next block, and what is due happens at its start.
  await decided(world);
  await world.settled();
  const statusOf = (act: Hash): string[] =>
    (["council-service", "travel-authority", "auditor"] as const).map((operator) => {
      const found = getDraw(world.ledger(operator).state(), act);
      return found === null ? "not drawn" : `${found.status}${found.late ? ", late" : ""}`;
    });
  const [evidence = "", ...others] = statusOf(hidden);
  const isSeen = evidence === "unopened, late" && others.every((status) => status === evidence);
  const honest = statusOf(shown).every((status) => status === "opened") ? "ok" : "not opened";
  return { verdict: isSeen ? "drawn by the auditor" : "undetectable", evidence, honest };
}

/** Lies about the audit itself. */
export const drawingLies: readonly Lie[] = [
  refused(
    {
      lie: "A body draws its own decision, to choose who looks at it",
      teller: "the deciding body",
      evidence: "services/own-act",
    },
    async (world) => {
      const act = await decided(world);
      return {
        lie: world.sign(world.member(TRAVEL), [await draw(world, TRAVEL, act)]),
        truth: world.sign(world.member(AUDITOR), [await draw(world, AUDITOR, act)]),
      };
    },
  ),
  refused(
    {
      lie: "A decision is drawn by a checkpoint that the log never signed",
      teller: "another body",
      evidence: "services/checkpoint-unsigned",
    },
    async (world) => {
      const message = await draw(world, AUDITOR, await decided(world));
      if (message.type !== "services/draw") throw new Error("no draw");
      const note = parseNote(message.checkpoint);
      const signatures = note?.signatures.filter(({ name }) => name === `${AUDITOR}/executor`);
      const checkpoint = formatNote({ text: note?.text ?? "", signatures: signatures ?? [] });
      const auditor = world.member(AUDITOR);
      return {
        lie: world.sign(auditor, [{ ...message, checkpoint }]),
        truth: world.sign(auditor, [message]),
      };
    },
  ),
  refused(
    {
      lie: "A drawn decision is opened to a friend who is no auditor",
      teller: "the deciding body",
      evidence: "services/not-an-auditor",
    },
    async (world) => {
      const act = await drawn(world);
      const body = world.member(TRAVEL);
      return {
        lie: world.sign(body, [openTo(act, "severn-buses")]),
        truth: world.sign(body, [openTo(act, AUDITOR)]),
      };
    },
  ),
  refused(
    {
      lie: "A body writes the finding on its own decision",
      teller: "the deciding body",
      evidence: "members/not-the-member",
    },
    async (world) => {
      const act = await drawn(world);
      await world.must(world.member(TRAVEL), [openTo(act, AUDITOR)]);
      const message: Message = {
        type: "services/finding",
        ...{ act, agrees: true, findings: someHash() },
      };
      return {
        lie: world.sign(world.member(TRAVEL), [message]),
        truth: world.sign(world.member(AUDITOR), [message]),
      };
    },
  ),
  {
    lie: "Silence: a drawn decision is not opened within ten working days",
    teller: "the deciding body",
    verdict: "drawn by the auditor",
    evidence: "unopened, late",
    run: keepSilent,
  },
];
