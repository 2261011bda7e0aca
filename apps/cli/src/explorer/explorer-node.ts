import type { StateReader } from "@tallystick/ledger";
import type { LedgerSide } from "@tallystick/node";

/** What the explorer reads of a running node: `RunningNode.ledger` is one. It writes nothing. */
export type ExplorerNode = Pick<LedgerSide, "replica" | "book" | "views" | "clock">;

/** A block as the node's store holds it. */
export type StoredBlock = NonNullable<ReturnType<ExplorerNode["replica"]["store"]["block"]>>;

/** The state after the newest durable block. */
export const stateOf = ({ replica }: ExplorerNode): StateReader => replica.state.map;

/**
 * An answer that is worked out again only when what it follows from has moved on: pages are asked
 * for far more often than blocks are written.
 */
export const remembered = <T>(version: () => string, work: () => T): (() => T) => {
  let known: { readonly version: string; readonly answer: T } | null = null;
  return () => {
    const now = version();
    if (known?.version !== now) known = { version: now, answer: work() };
    return known.answer;
  };
};
