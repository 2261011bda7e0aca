import type { Hono } from "hono";
import type { Clock } from "../engine/clock.ts";
import type { LedgerSide } from "./ledger-side.ts";

/** The secret halves that a node signs with: Ed25519 seeds of 32 bytes. */
export interface NodeKeys {
  /** The log's key; the orderer alone holds it. */
  readonly log: Uint8Array | null;
  /** Keys that cosign what this node computed, by member. A follower needs one. */
  readonly executors: ReadonlyMap<string, Uint8Array>;
}

/** Something that the node cannot mend by itself. */
export type FaultListener = (code: string, cause: unknown) => void;

export interface NodeOptions {
  readonly operatorId: string;
  /** The operator's own directory; made when it is not there. */
  readonly dataDir: string;
  readonly genesisBytes: Uint8Array;
  readonly role: "orderer" | "follower";
  readonly keys: NodeKeys;
  /** 0 takes any free port. */
  readonly port: number;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** Where the other operators' nodes answer, where it is not what genesis says. */
  readonly peers?: ReadonlyMap<string, string>;
  readonly clock?: Clock;
  /** Where the record of what was last signed lies; outside every data directory. */
  readonly stateDirectory?: string;
  /** Adds other rooms' resources, with the ledger's side of the node at hand. */
  readonly routes?: (app: Hono, ledger: LedgerSide) => void;
  readonly onFault?: FaultListener;
}

export interface RunningNode {
  readonly url: string;
  readonly ledger: LedgerSide;
  /** Finishes the block under way, signs it, and closes everything. */
  readonly close: () => Promise<void>;
}
