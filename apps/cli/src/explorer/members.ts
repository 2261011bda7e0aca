import { keyId, listKeys, listMembers, listSites } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import type { MemberView } from "@tallystick/portal";
import { type ExplorerNode, stateOf } from "./explorer-node.ts";
import type { Register } from "./register.ts";
import { inCell } from "./words.ts";

/** Every member with its keys and sites, in order of id. */
export const memberViews = (node: ExplorerNode, register: Register): MemberView[] => {
  const state = stateOf(node);
  const staff = staffKeys(node);
  return [...listMembers(state)].map(({ id, name, operatorId, areas, roles }) => ({
    ...{ id, name, roles },
    operator: register.operator(operatorId),
    areas: inCell(areas.map((code) => register.area(code))),
    sites: [...listSites(state, id)].map((site) => ({ id: site.id, name: site.name })),
    keys: keysOf(node, id),
    staffKeys: staff.get(id) ?? 0,
  }));
};

const staffKeys = (node: ExplorerNode): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { kind, member } of listKeys(stateOf(node))) {
    if (kind === "staff") counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  return counts;
};

const keysOf = ({ replica }: ExplorerNode, id: string): MemberView["keys"] => {
  const member = replica.state.genesis.members.find((candidate) => candidate.id === id);
  return (member?.keys ?? []).map(({ purpose, key }) => ({
    purpose: purpose === "act" ? "Signs its transactions" : purpose,
    keyId: toHex(keyId(replica.host.sha256, key)),
  }));
};
