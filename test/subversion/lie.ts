import type { World } from "./world.ts";

/** What becomes of a lie. SECURITY.md says what each of these words means. */
export type Verdict =
  | "refused by all"
  | "drawn by the auditor"
  | "provable by the applicant"
  | "undetectable";

/** What was seen when the lie was told. */
export interface Observed {
  readonly verdict: Verdict;
  /** The refusal's code, the fault's code, or what stands on the ledger about it. */
  readonly evidence: string;
  /** `ok`, or the code by which the same act was refused when it was done honestly. */
  readonly honest: string;
}

/** One lie, what is to become of it, and how it is told. */
export interface Lie {
  readonly lie: string;
  readonly teller: string;
  readonly verdict: Verdict;
  readonly evidence: string;
  readonly run: (world: World) => Promise<Observed>;
}

/** Two transactions that differ in the lie alone. */
export interface LieAndTruth {
  readonly lie: Uint8Array;
  readonly truth: Uint8Array;
}

/**
 * A lie in one transaction, which nobody is to take: first the lie is handed in, then the same act
 * without it, so that what was refused is the lie.
 */
export const refused = (
  row: Pick<Lie, "lie" | "teller" | "evidence">,
  make: (world: World) => Promise<LieAndTruth>,
): Lie => ({
  ...row,
  verdict: "refused by all",
  run: async (world) => {
    const { lie, truth } = await make(world);
    const told = await world.tell(lie);
    return { ...told, honest: await world.send(truth) };
  },
});
