import type { Hash } from "@tallystick/log";
import type { Capacity } from "../capacity.ts";
import type { Day } from "../civil.ts";
import type { KnownEvent } from "../events.ts";
import type { Parameters } from "../genesis.ts";
import type { Host } from "../host.ts";
import type { MessageOf, MessageType } from "../messages.ts";
import type { DefinitionCache } from "../modules/services/definition-cache.ts";
import type { Place } from "../place.ts";
import type { RefusalCode } from "../refusals.ts";
import type { StateWriter } from "../table.ts";

/** What stays the same for a whole block. */
export interface BlockContext {
  readonly host: Host;
  readonly networkId: Hash;
  readonly origin: string;
  readonly logKey: Uint8Array;
  readonly parameters: Parameters;
  readonly definitions: DefinitionCache;
  readonly nowMs: bigint;
  /** The block's civil day in London. */
  readonly today: Day;
  /** Leaves in the log before this block. */
  readonly firstIndex: number;
}

/** One timer or transaction at work: where it writes and what it reports. */
export interface Step extends BlockContext {
  readonly state: StateWriter;
  /** Where its leaf will lie in the log. */
  readonly leafIndex: bigint;
  readonly emit: (event: KnownEvent) => void;
}

/** Whose key signed. A person's key is known to nobody but its case. */
export type Signer =
  | { readonly kind: "member"; readonly keyId: Hash; readonly member: string }
  | {
      readonly kind: "staff";
      readonly keyId: Hash;
      readonly member: string;
      readonly role: string;
    }
  | { readonly kind: "person"; readonly keyId: Hash; readonly sponsor: string };

/** One message of a transaction at work. */
export interface MessageStep extends Step {
  readonly transactionId: Hash;
  readonly messageIndex: number;
  readonly signer: Signer;
  readonly place: Place;
  readonly capacity: Capacity;
}

/**
 * Carries out one message: all its checks in a fixed order, then its writes. Answers the first
 * refusal, or null; after a refusal nothing that it wrote counts.
 */
export type Handler<T extends MessageType> = (
  step: MessageStep,
  message: MessageOf<T>,
) => RefusalCode | null;

/** One handler for each message of a module. */
export type Handlers<M extends string> = {
  readonly [T in MessageType & `${M}/${string}`]: Handler<T>;
};
