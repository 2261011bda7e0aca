import { policyText } from "@tallystick/ledger";
import type { PortalData, ReceiptAnswer } from "@tallystick/portal";
import { agreementViews } from "./agreements.ts";
import { blocksPage, blockView } from "./blocks.ts";
import { Cases } from "./case-words.ts";
import { Checkpoints } from "./checkpoints.ts";
import { definitionSummaries, definitionView } from "./definitions.ts";
import type { ExplorerNode } from "./explorer-node.ts";
import { memberViews } from "./members.ts";
import { overviewOf } from "./overview.ts";
import { Register } from "./register.ts";
import { Services } from "./services.ts";
import { Teller } from "./tell.ts";
import { Transactions } from "./transactions.ts";

/** What the explorer shows of a node to whoever comes, without signing in. */
export interface Explorer extends PortalData {
  /** The signed bytes of a transaction; null when it is not recorded or not for everybody. */
  readonly transactionBytes: (id: string) => Uint8Array | null;
}

/**
 * The portal's data from a running node, for readers who have not signed in: governance in full,
 * of persons' cases that an entry of its kind stands (spec/read-policy.md). Only what a page shows
 * is read and decoded.
 */
export const createPortalData = (node: ExplorerNode): Explorer => {
  const { replica } = node;
  const register = new Register(node);
  const services = new Services(node);
  const cases = new Cases(node, register, services);
  const transactions = new Transactions(node, new Teller(node, { register, services, cases }));
  const checkpoints = new Checkpoints(node, register);
  const overview = overviewOf(node, { register, transactions, checkpoints });
  const policy = policyText(replica.host.sha256, replica.genesisBytes);
  const receipt = (id: string): ReceiptAnswer => {
    const entry = transactions.find(id);
    if (entry === null) return { stage: "unknown" };
    return checkpoints.receipt(entry, transactions.openBytes(entry));
  };
  return {
    overview: async () => overview(),
    blocks: async (query) => blocksPage(node, register, query),
    block: async (number) => blockView(node, { register, transactions }, number),
    transaction: async (id) => {
      const entry = transactions.find(id);
      return entry === null ? null : transactions.view(entry);
    },
    members: async () => memberViews(node, register),
    definitions: async () => definitionSummaries(node, register),
    definition: async (hash) => definitionView(node, { register, services }, hash),
    agreements: async () => agreementViews(node, register),
    receipt: async (id) => receipt(id),
    policy: async () => policy,
    transactionBytes: (id) => {
      const entry = transactions.find(id);
      return entry === null ? null : transactions.openBytes(entry);
    },
  };
};
