/**
 * What the explorer needs to read, and no more. Everything is JSON (hashes in hex, times in
 * milliseconds since 1970, days as YYYY-MM-DD), so that the same pages can be fed from a node's own
 * views or over HTTP. An implementation speaks for one reader: what that reader may not see, it
 * leaves out.
 */
export interface PortalData {
  readonly overview: () => Promise<Overview>;
  /** Newest first; `before` is a block number that is not included, null for the newest. */
  readonly blocks: (query: BlocksQuery) => Promise<BlocksPage>;
  readonly block: (number: number) => Promise<BlockView | null>;
  readonly transaction: (id: string) => Promise<TransactionView | null>;
  readonly members: () => Promise<readonly MemberView[]>;
  readonly definitions: () => Promise<readonly DefinitionSummary[]>;
  readonly definition: (hash: string) => Promise<DefinitionView | null>;
  readonly agreements: () => Promise<readonly AgreementView[]>;
  readonly receipt: (id: string) => Promise<ReceiptAnswer>;
  /** The policy text as this node serves it. */
  readonly policy: () => Promise<string>;
}

export interface BlocksQuery {
  readonly before: number | null;
  readonly limit: number;
}

/** A name that links to where more is told. `id` is what the ledger holds. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Network {
  readonly name: string;
  readonly id: string;
  readonly origin: string;
  readonly demonstration: boolean;
}

export interface Overview {
  readonly network: Network;
  /** Number and time of the newest block; null when only the genesis stands. */
  readonly newestBlock: { readonly number: number; readonly timeMs: number } | null;
  readonly checkpoint: CheckpointView;
  readonly operators: readonly OperatorView[];
  readonly counts: { readonly transactions: number; readonly refused: number };
  readonly latest: readonly TransactionRow[];
}

export interface CheckpointView {
  readonly size: number;
  readonly root: string;
  /** The signed note as served. */
  readonly note: string;
  readonly cosigners: readonly CosignerView[];
  readonly quorumMet: boolean;
}

export interface CosignerView {
  /** The key's name, `<member>/executor`. */
  readonly name: string;
  readonly operator: Named;
  readonly timeMs: number;
}

export interface OperatorView extends Named {
  readonly ordersTransactions: boolean;
  readonly address: string;
  readonly site: string;
  readonly members: readonly Named[];
}

export interface BlocksPage {
  readonly blocks: readonly BlockRow[];
  /** Give this as `before` for the page of older blocks; null on the last page. */
  readonly older: number | null;
}

export interface BlockRow {
  readonly number: number;
  readonly timeMs: number;
  readonly entries: number;
  readonly proposer: Named;
}

export interface BlockView extends BlockRow {
  readonly site: string;
  readonly firstIndex: number;
  readonly previousHeader: string;
  readonly effectsDigest: string;
  readonly stateRoot: string;
  readonly protocolVersion: number;
  readonly transactions: readonly TransactionRow[];
  readonly timers: number;
  readonly newest: number;
}

/** Null when it was done, or why a rule refused it. */
export type Refusal = {
  readonly message: number;
  readonly code: string;
  readonly what: string;
} | null;

export interface TransactionRow {
  readonly id: string;
  readonly timeMs: number;
  /** One plain sentence; null when this reader may not see the body. */
  readonly sentence: string | null;
  readonly refusal: Refusal;
}

export interface TransactionView extends TransactionRow {
  readonly block: number;
  readonly leafIndex: number;
  readonly leaf: string;
  /** Who, where, when, why and by which power, each in its own words; empty when not shown. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Where the signed bytes can be had by those who may see them; null for this reader. */
  readonly rawUrl: string | null;
  /** Why the body is not shown; null when it is. */
  readonly withheld: string | null;
}

export interface MemberView extends Named {
  readonly operator: Named;
  readonly areas: readonly Named[];
  readonly roles: readonly string[];
  readonly sites: readonly Named[];
  readonly keys: readonly { readonly purpose: string; readonly keyId: string }[];
  readonly staffKeys: number;
}

export interface DefinitionSummary {
  readonly hash: string;
  readonly service: string;
  readonly version: string;
  readonly stage: "proposed" | "published";
  readonly votes: number;
  readonly votesNeeded: number;
  readonly adoptions: readonly AdoptionView[];
}

export interface AdoptionView {
  readonly member: Named;
  readonly areas: readonly Named[];
  readonly minute: string;
  readonly inForceFrom: string;
}

export interface DefinitionView extends DefinitionSummary {
  readonly roles: readonly { readonly name: string; readonly kind: string }[];
  readonly states: readonly { readonly name: string; readonly kind: string }[];
  readonly actions: readonly ActionView[];
  readonly timers: readonly {
    readonly state: string;
    readonly after: string;
    readonly what: string;
  }[];
  readonly disclosures: readonly DisclosureView[];
}

export interface ActionView {
  readonly name: string;
  readonly by: readonly string[];
  /** Empty when the action opens a case. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly gives: readonly string[];
}

export interface DisclosureView {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly what: readonly string[];
  /** The agreement or power it flows under; null when the citizen hands it over in person. */
  readonly gateway: string | null;
}

export interface AgreementView extends Named {
  readonly purpose: string;
  readonly power: string;
  readonly gateway: string;
  readonly controllers: readonly Named[];
  readonly recipients: readonly Named[];
  readonly disclosed: readonly string[];
  readonly retention: string;
  readonly startDay: string;
  readonly endDay: string | null;
  readonly reviewDay: string;
  readonly contact: string;
  readonly areas: readonly Named[];
  readonly live: boolean;
  readonly waitingFor: readonly Named[];
}

export type ReceiptAnswer =
  | { readonly stage: "ready"; readonly text: string; readonly operators: number }
  | { readonly stage: "waiting"; readonly why: string }
  | { readonly stage: "unknown" };
