import type { CoseKey } from "../keys.ts";
import { getKey, getMember, getSite } from "../modules/members/queries.ts";
import type { DropCode } from "../refusals.ts";
import type { StateReader } from "../state/state-map.ts";
import { type Transaction, verifyTransaction } from "../transaction.ts";
import { type LiveIds, MAX_LIVE_IDS } from "./live-ids.ts";
import type { BlockContext, Signer } from "./step.ts";

/** How far ahead of block time an actor's clock may be. */
export const MAX_CLOCK_AHEAD_MS: bigint = 60_000n;

/** What the checks of fate (a) look at besides the transaction. */
export interface CheckContext extends Pick<BlockContext, "host" | "nowMs" | "parameters"> {
  readonly state: StateReader;
  readonly liveIds: Pick<LiveIds, "has" | "size">;
  /** Transactions that this sponsor has in the block already. */
  readonly sponsored: (sponsor: string) => bigint;
  /** The verdict on the signature if it is known: it depends on bytes and key alone. */
  readonly verdict: boolean | undefined;
}

/** A transaction whose signer is known, and what its key is. */
export interface Checked {
  readonly transaction: Transaction;
  readonly signer: Signer;
  readonly key: CoseKey;
}

type Check = (context: CheckContext, checked: Checked) => DropCode | null;

/**
 * Everything that must hold before a transaction may have a leaf, once its form is right:
 * time, id, key, quota, place, clock, signature, in this order. spec/refusals.md.
 */
export const checkTransaction = (
  context: CheckContext,
  transaction: Transaction,
): Checked | DropCode => {
  const early = checkValidity(context, transaction) ?? checkId(context, transaction);
  if (early !== null) return early;
  const found = findSigner(context.state, transaction);
  if (typeof found === "string") return found;
  const checked = { transaction, ...found };
  for (const check of [checkQuota, checkPlace, checkActedAt, checkSignature] satisfies Check[]) {
    const code = check(context, checked);
    if (code !== null) return code;
  }
  return checked;
};

const checkValidity = (context: CheckContext, { payload }: Transaction): DropCode | null => {
  const { validUntilMs } = payload;
  const { nowMs, parameters } = context;
  if (validUntilMs < nowMs) return "transaction/expired";
  return validUntilMs > nowMs + parameters.maxValidityMs ? "transaction/valid-too-long" : null;
};

const checkId = ({ liveIds }: CheckContext, { id }: Transaction): DropCode | null => {
  if (liveIds.has(id)) return "transaction/repeated";
  return liveIds.size >= MAX_LIVE_IDS ? "transaction/busy" : null;
};

const findSigner = (
  state: StateReader,
  { keyId, key, payload }: Transaction,
): Omit<Checked, "transaction"> | DropCode => {
  const { sponsor } = payload;
  const known = getKey(state, keyId);
  if (known !== null) {
    if (sponsor !== null) return "transaction/sponsor-not-needed";
    const { kind, member, role } = known;
    return { signer: { kind, keyId, member, role }, key: known.key };
  }
  if (key === null) return "transaction/key-unknown";
  if (key.kind !== "p256") return "transaction/key-kind-not-allowed";
  if (sponsor === null) return "transaction/sponsor-missing";
  if (getMember(state, sponsor) === null) return "transaction/sponsor-unknown";
  return { signer: { kind: "person", keyId, sponsor }, key };
};

const checkQuota: Check = ({ sponsored, parameters }, { signer }) =>
  signer.kind === "person" && sponsored(signer.sponsor) >= parameters.sponsorQuotaPerBlock
    ? "transaction/sponsor-quota"
    : null;

const checkPlace: Check = ({ state }, { signer, transaction }) => {
  const { place } = transaction.payload;
  if (signer.kind === "person") return place.kind === "area" ? null : "transaction/place-too-fine";
  if (place.kind === "area") return "transaction/place-too-coarse";
  if (place.kind !== "site") return null;
  const isKnown = getSite(state, signer.member, place.siteId) !== null;
  return isKnown ? null : "transaction/site-unknown";
};

const checkActedAt: Check = ({ nowMs }, { signer, transaction }) => {
  const { actedAtMs } = transaction.payload;
  if (actedAtMs === null) return null;
  if (signer.kind !== "staff") return "transaction/acted-at-not-allowed";
  return actedAtMs > nowMs + MAX_CLOCK_AHEAD_MS ? "transaction/acted-at-in-future" : null;
};

const checkSignature: Check = ({ host, verdict }, { transaction, key }) =>
  (verdict ?? verifyTransaction(host, transaction, key)) ? null : "transaction/bad-signature";
