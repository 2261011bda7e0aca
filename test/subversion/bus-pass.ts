import { randomBytes } from "node:crypto";
import { type CompiledService, compileService } from "@tallystick/definitions";
import { definitionHash, type Message, type MessageOf } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { nodeSha256 } from "../support/hosts.ts";
import { serviceFiles } from "../support/service-files.ts";
import type { Actor } from "./actor.ts";
import type { World } from "./world.ts";

interface BusPass {
  readonly compiled: CompiledService;
  readonly hash: Hash;
}

let made: BusPass | null = null;

/** The older person's bus pass, compiled once. */
export function busPass(): BusPass {
  if (made !== null) return made;
  const compilation = compileService(serviceFiles("bus-pass"));
  if (!compilation.ok) throw new Error(`the bus pass does not compile`);
  const { compiled } = compilation;
  made = { compiled, hash: definitionHash(nodeSha256, compiled.bytes) };
  return made;
}

/** 32 bytes that stand for a commitment, a tag or an envelope whose contents matter to nobody. */
export const someHash = (): Hash => new Uint8Array(randomBytes(32));

/** A case under way and who opened it. */
export interface OpenCase {
  readonly id: Uint8Array;
  readonly authority: string;
  readonly applicant: Actor;
}

/** The message that opens a case with this authority. */
export const opening = (
  authority: string,
  changes: Partial<MessageOf<"services/open">> = {},
): MessageOf<"services/open"> => ({
  type: "services/open",
  case: new Uint8Array(randomBytes(16)),
  definition: busPass().hash,
  authority,
  action: "apply",
  commitment: someHash(),
  tags: [{ name: "applicant", tag: someHash() }],
  ...changes,
});

/** A resident's fresh application, which waits for its decision. */
export async function apply(world: World, authority = "avonbridge"): Promise<OpenCase> {
  const applicant = world.person(authority);
  const message = opening(authority);
  await world.must(applicant, [message]);
  return { id: message.case, authority, applicant };
}

export const decision = (
  { id }: Pick<OpenCase, "id">,
  changes: Partial<MessageOf<"services/decide">> = {},
): Message => ({
  type: "services/decide",
  case: id,
  action: "decide",
  outcome: "grant",
  ruleHash: busPass().hash,
  tables: [{ name: "pension-age", version: "2014" }],
  commitment: someHash(),
  ...changes,
});

export const action = ({ id }: Pick<OpenCase, "id">, name: string): Message => ({
  type: "services/act",
  case: id,
  action: name,
  commitment: null,
});

/** An application that was granted. */
export async function granted(world: World, authority = "avonbridge"): Promise<OpenCase> {
  const found = await apply(world, authority);
  await world.must(world.member(authority), [decision(found)]);
  return found;
}

const DAY_MS = 86_400_000n;

/** The message by which an authority tells the bus operator of a pass, under an agreement. */
export const disclosure = (
  world: World,
  { id, authority }: OpenCase,
  changes: Partial<MessageOf<"services/disclose">> = {},
): Message => ({
  type: "services/disclose",
  case: id,
  disclosure: "hotlist",
  recipient: "severn-buses",
  agreement: `hotlist/${authority}`,
  commitment: someHash(),
  envelope: someHash(),
  acknowledgeByMs: world.nowMs + DAY_MS,
  ...changes,
});
