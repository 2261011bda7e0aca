import type { CompiledService, decide } from "@tallystick/definitions";
import type { Outbox } from "../delivery/outbox.ts";
import type { Definitions } from "./definitions.ts";
import type { LedgerAccess } from "./ledger-access.ts";
import type { LedgerView } from "./ledger-view.ts";
import type { HostedMember } from "./member.ts";
import type { TaskList } from "./tasks.ts";

/** Evaluates a definition: @tallystick/definitions' own, unless a host hands in another. */
export type DecideFunction = typeof decide;

/** The part of `fetch` that bodies use. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** One hosted member at work: its own keys and vault, and the ledger that all share. */
export interface Body {
  readonly member: HostedMember;
  readonly ledger: LedgerAccess;
  readonly view: LedgerView;
  readonly tasks: TaskList;
  readonly outbox: Outbox;
  readonly definitions: Definitions;
  readonly decide: DecideFunction;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly fetch: Fetch;
  /** Where the node of a member's operator answers, without a slash at the end. */
  readonly addressOf: (member: string) => string;
}

export type { CompiledService };
