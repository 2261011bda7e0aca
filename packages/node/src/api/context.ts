import type { Hono } from "hono";
import type { CheckpointBook } from "../checkpoint/book.ts";
import type { Clock } from "../engine/clock.ts";
import type { Fate } from "../engine/queue.ts";
import type { Replica } from "../engine/replica.ts";
import type { PeerAnswer } from "../follower/http.ts";
import type { Views } from "../views/views.ts";

/** What handing in a transaction comes to, on the node that orders or on one that follows. */
export type Handed =
  | { readonly kind: "queued"; readonly id: Uint8Array; readonly fate: Promise<Fate> }
  | { readonly kind: "forwarded"; readonly answer: PeerAnswer }
  | { readonly kind: "refused"; readonly code: string };

/** Something that a person must look at. */
export interface NodeFault {
  readonly code: string;
  readonly what: string;
}

/** What the API shows and uses of its node. */
export interface ApiContext {
  readonly operatorId: string;
  readonly role: "orderer" | "follower";
  readonly replica: Replica;
  readonly book: CheckpointBook;
  readonly views: Views;
  readonly clock: Clock;
  readonly handIn: (bytes: Uint8Array, wait: boolean) => Promise<Handed>;
  readonly fault: () => NodeFault | null;
  /** True once the node closes its files. */
  readonly isStopping: () => boolean;
  /** The address that readers reach this node at. */
  readonly url: () => string;
  /** Names under which this node cosigns. */
  readonly cosigners: readonly string[];
  /** Other rooms of the node add their own resources. */
  readonly routes?: (app: Hono) => void;
}
