import {
  decodeDefinition,
  definitionHash,
  encodeDefinition,
  type Message,
} from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { nodeSha256 } from "../../support/hosts.ts";
import { ed25519Signer } from "../../support/transactions.ts";
import { busPass, opening, someHash } from "../bus-pass.ts";
import { type Lie, refused } from "../lie.ts";
import type { World } from "../world.ts";

/** A day on which no lie is told any more: what comes into force then disturbs none. */
const FAR_DAY = 30_000;

/** Another version of the bus pass, put forward by one body. */
async function propose(world: World): Promise<Hash> {
  const definition = decodeDefinition(busPass().compiled.bytes);
  if (definition === null) throw new Error("the bus pass cannot be read");
  const bytes = encodeDefinition({ ...definition, version: world.fresh("version") });
  await world.must(world.member("severnside"), [{ type: "services/publish", definition: bytes }]);
  return definitionHash(nodeSha256, bytes);
}

/** Publication takes the votes of three bodies in the demonstration. */
async function voteIn(world: World, definition: Hash): Promise<void> {
  for (const id of ["avonbridge", "aberwye"]) {
    await world.must(world.member(id), [{ type: "services/vote", definition }]);
  }
}

/** Lies about which body runs which service, by which rule and for whom. */
export const serviceLies: readonly Lie[] = [
  refused(
    {
      lie: "A case is opened with a body that has not adopted the service",
      teller: "a body",
      evidence: "services/not-adopted",
    },
    async (world) => ({
      lie: world.sign(world.person("deanforest"), [opening("deanforest")]),
      truth: world.sign(world.person("deanforest"), [opening("severn-travel")]),
    }),
  ),
  refused(
    {
      lie: "A case is opened by a rule that one body alone has put forward",
      teller: "a body",
      evidence: "services/definition-not-published",
    },
    async (world) => {
      const definition = await propose(world);
      const person = world.person("avonbridge");
      return {
        lie: world.sign(person, [opening("avonbridge", { definition })]),
        truth: world.sign(person, [opening("avonbridge")]),
      };
    },
  ),
  refused(
    {
      lie: "One person has two passes: a second case while the first is open",
      teller: "a resident",
      evidence: "services/already-open",
    },
    async (world) => {
      const first = opening("avonbridge");
      await world.must(world.person("avonbridge"), [first]);
      const { tags } = first;
      return {
        lie: world.sign(world.person("avonbridge"), [opening("avonbridge", { tags })]),
        truth: world.sign(world.person("severnside"), [opening("severnside", { tags })]),
      };
    },
  ),
  refused(
    {
      lie: "A body takes on a service for a neighbour's area",
      teller: "another body",
      evidence: "services/area-not-held",
    },
    async (world) => {
      const definition = await propose(world);
      await voteIn(world, definition);
      const adopt = (areas: string[]): Message => ({
        type: "services/adopt",
        ...{ definition, member: "severnside", areas, minute: "Cabinet, item 7" },
        inForceFromDay: FAR_DAY,
      });
      const body = world.member("severnside");
      return {
        lie: world.sign(body, [adopt(["E06000023"])]),
        truth: world.sign(body, [adopt(["E06000025"])]),
      };
    },
  ),
  refused(
    {
      lie: "A body votes twice for its own rule",
      teller: "a body",
      evidence: "services/already-voted",
    },
    async (world) => {
      const definition = await propose(world);
      const messages: Message[] = [{ type: "services/vote", definition }];
      return {
        lie: world.sign(world.member("severnside"), messages),
        truth: world.sign(world.member("avonbridge"), messages),
      };
    },
  ),
  refused(
    {
      lie: "A body makes its own officer a member of another body's staff",
      teller: "another body",
      evidence: "members/not-the-member",
    },
    async (world) => {
      const { key } = ed25519Signer(world.fresh("officer"));
      const message: Message = {
        type: "members/add-staff-key",
        ...{ member: "avonbridge", key, role: "reviewer", pseudonym: "desk" },
      };
      return {
        lie: world.sign(world.member("severnside"), [message]),
        truth: world.sign(world.member("avonbridge"), [message]),
      };
    },
  ),
  refused(
    {
      lie: "A body makes itself an issuer of facts",
      teller: "another body",
      evidence: "credentials/not-registrar",
    },
    async (world) => {
      const { key } = world.person("severnside").signer;
      const message: Message = {
        type: "credentials/accredit",
        ...{
          vct: `tallystick:${world.fresh("made-up")}`,
          issuer: "severnside",
          level: "high",
          key,
        },
      };
      return {
        lie: world.sign(world.member("severnside"), [message]),
        truth: world.sign(world.member("registrar"), [message]),
      };
    },
  ),
  refused(
    {
      lie: "A body that may issue nothing publishes a list of withdrawn facts",
      teller: "another body",
      evidence: "credentials/not-issuer",
    },
    async (world) => {
      const uri = `https://lists.example/${world.fresh("list")}`;
      const list = (issuer: string): Message => ({
        type: "credentials/status-list",
        ...{ issuer, uri, version: 1n, list: someHash() },
      });
      return {
        lie: world.sign(world.member("severn-buses"), [list("severn-buses")]),
        truth: world.sign(world.member("avonbridge"), [list("avonbridge")]),
      };
    },
  ),
];
