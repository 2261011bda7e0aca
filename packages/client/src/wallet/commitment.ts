import { type CborInput, type CommitmentInput, commit } from "@tallystick/ledger";
import type { Hash, Sha256 } from "@tallystick/log";

const SALT_BYTES = 32;

/** A value that an act commits to, by the name that the definition gives it. */
export interface CaseField {
  readonly name: string;
  /** Null when the fact is absent: its salt hides that too. */
  readonly value: CborInput;
}

/**
 * What the ledger holds (the root) and what it does not (the opening: every field with its salt).
 * The opening goes to the body that decides, sealed, and stays with the case in the wallet; the
 * ledger's `openField` shows one field of it to somebody else. spec/commitment.md.
 */
export interface CaseCommitment {
  readonly root: Hash;
  readonly opening: CommitmentInput;
}

export interface CommitOptions {
  readonly sha: Sha256;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Id of the network's first era, 32 bytes. */
  readonly networkId: Hash;
  /** 16 bytes. */
  readonly caseId: Uint8Array;
}

/**
 * Salts the fields, in the definition's order, and commits to them. Throws RangeError for no field,
 * too many, or a name used twice: an act that gives nothing has no commitment.
 */
export const commitFields = (
  options: CommitOptions,
  fields: readonly CaseField[],
): CaseCommitment => {
  const { sha, networkId, caseId, randomBytes } = options;
  const salted = fields.map((field) => ({ ...field, salt: randomBytes(SALT_BYTES) }));
  const opening = { networkId, caseId, fields: salted };
  return { root: commit(sha, opening), opening };
};
