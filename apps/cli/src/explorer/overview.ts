import { toHex } from "@tallystick/log";
import type { Network, OperatorView, Overview } from "@tallystick/portal";
import type { Checkpoints } from "./checkpoints.ts";
import { type ExplorerNode, remembered } from "./explorer-node.ts";
import type { Register } from "./register.ts";
import type { Transactions } from "./transactions.ts";
import { capital } from "./words.ts";

/** The first page, kept until a block or a signature comes: every other page names its network. */
export const overviewOf = (
  node: ExplorerNode,
  parts: {
    readonly register: Register;
    readonly transactions: Transactions;
    readonly checkpoints: Checkpoints;
  },
): (() => Overview) => {
  const { register, transactions, checkpoints } = parts;
  const { replica, views } = node;
  const network = networkOf(node);
  const version = (): string => `${replica.blockNumber}/${checkpoints.version()}`;
  return remembered(version, () => {
    const counts = views.counts();
    return {
      network,
      newestBlock: newestBlock(node),
      checkpoint: checkpoints.current(),
      operators: operatorsOf(node, register),
      counts: { transactions: counts.transactions, refused: counts.refused },
      latest: transactions.newest(),
    };
  });
};

const networkOf = ({ replica }: ExplorerNode): Network => {
  const { name, demonstration } = replica.state.genesis;
  return { name, id: toHex(replica.networkId), origin: replica.origin, demonstration };
};

const newestBlock = ({ replica }: ExplorerNode): Overview["newestBlock"] => {
  const { blockNumber: number, lastTimeMs } = replica;
  return number === 0 ? null : { number, timeMs: Number(lastTimeMs) };
};

const operatorsOf = ({ replica }: ExplorerNode, register: Register): OperatorView[] => {
  const { operators, members, orderer } = replica.state.genesis;
  return operators.map(({ id, name, address, siteId }) => ({
    ...{ id, name, address },
    ordersTransactions: id === orderer,
    site: capital(register.operatorSite(id, siteId)),
    members: members
      .filter(({ operatorId }) => operatorId === id)
      .map((member) => register.member(member.id)),
  }));
};
