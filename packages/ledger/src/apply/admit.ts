import type { Hash } from "@tallystick/log";
import type { Host } from "../host.ts";
import { getKey } from "../modules/members/queries.ts";
import type { DropCode } from "../refusals.ts";
import { decodeTransaction, type Transaction, verifyTransaction } from "../transaction.ts";
import { type Checked, checkTransaction } from "./check-transaction.ts";
import type { LedgerState } from "./ledger-state.ts";

/** What a node answers before a transaction waits for its block. */
export type Admission =
  | { readonly ok: true; readonly transaction: Transaction }
  | { readonly ok: false; readonly code: DropCode; readonly fate: "a" };

const refuse = (code: DropCode): Admission => ({ ok: false, code, fate: "a" });

/**
 * The checks of fate (a) against the state as it stands, without changing it; the sponsor's quota
 * is counted in the block alone. Networks that the node knows besides its own may be given, so
 * that a transaction signed for one of them is told so. spec/refusals.md.
 */
export const admit = (
  host: Host,
  state: LedgerState,
  nowMs: bigint,
  bytes: Uint8Array,
  otherNetworks: readonly Hash[] = [],
): Admission => {
  const decoded = decodeTransaction(host, state.networkId, bytes);
  if (!decoded.ok) return refuse(decoded.code);
  const { transaction } = decoded;
  const { map, liveIds, parameters } = state;
  const checked = checkTransaction(
    { host, nowMs, parameters, state: map, liveIds, sponsored: () => 0n, verdict: undefined },
    transaction,
  );
  if (typeof checked !== "string") return { ok: true, transaction };
  if (checked !== "transaction/bad-signature") return refuse(checked);
  const isForeign = otherNetworks.some((network) => fits(host, state, network, transaction));
  return refuse(isForeign ? "transaction/wrong-network" : checked);
};

/** Whether the signature would be good on another network. */
const fits = (host: Host, state: LedgerState, network: Hash, { bytes }: Transaction): boolean => {
  const decoded = decodeTransaction(host, network, bytes);
  if (!decoded.ok) return false;
  const key = decoded.transaction.key ?? keyOf(state, decoded.transaction.keyId);
  return key !== null && verifyTransaction(host, decoded.transaction, key);
};

const keyOf = ({ map }: LedgerState, keyId: Hash): Checked["key"] | null =>
  getKey(map, keyId)?.key ?? null;
