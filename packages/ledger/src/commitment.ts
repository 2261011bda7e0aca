import {
  concat,
  encodeUtf8,
  equal,
  type Hash,
  hashLeaf,
  LogTree,
  rootFromInclusion,
  type Sha256,
} from "@tallystick/log";
import { type CborInput, encode } from "./cbor.ts";

/** One fact that a body holds about a case. An absent one has the value null, and a salt too. */
export interface CommittedField {
  /** As the definition names it; never empty. */
  readonly name: string;
  /** 32 random bytes: without them a guess at the value could be tried against the root. */
  readonly salt: Uint8Array;
  readonly value: CborInput;
}

/** All the fields of one act, in the definition's order. */
export interface CommitmentInput {
  /** The network id of the ledger's first era. */
  readonly networkId: Hash;
  /** 16 bytes. */
  readonly caseId: Uint8Array;
  readonly fields: readonly CommittedField[];
}

/** One field with what it takes to find it under a commitment. */
export interface FieldOpening {
  readonly field: CommittedField;
  readonly index: number;
  /** Leaves under the root: a multiple of COMMITMENT_BLOCK. */
  readonly size: number;
  /** RFC 6962 inclusion proof, from the leaf up. */
  readonly proof: readonly Hash[];
}

/** Where an opening is supposed to belong. */
export interface OpeningClaim {
  readonly root: Hash;
  readonly networkId: Hash;
  readonly caseId: Uint8Array;
  readonly opening: FieldOpening;
}

/** Leaves are filled up to a multiple of this, so that their number tells little. */
export const COMMITMENT_BLOCK: number = 16;
export const MAX_COMMITTED_FIELDS: number = 256;
const SALT_BYTES = 32;
const CASE_BYTES = 16;

const LEAF_PREFIX = encodeUtf8("tallystick/commitment/v1");
const PADDING_PREFIX = encodeUtf8("tallystick/commitment/padding/v1");

/**
 * The one hash that stands on the ledger for all the fields: an RFC 6962 root over salted leaves.
 * Throws RangeError for no field or too many, a name empty or used twice, or a salt, case or
 * network id of the wrong length. spec/commitment.md.
 */
export const commit = (sha: Sha256, input: CommitmentInput): Hash => treeOf(sha, input).root();

/** The opening of the field of that name, or null when there is none. */
export const openField = (
  sha: Sha256,
  input: CommitmentInput,
  name: string,
): FieldOpening | null => {
  const index = input.fields.findIndex((field) => field.name === name);
  const field = input.fields[index];
  if (field === undefined) return null;
  const tree = treeOf(sha, input);
  return { field, index, size: tree.size, proof: tree.inclusionProof(index, tree.size) };
};

/** Whether the field, with this very value and salt, lies under the commitment at its index. */
export const verifyField = (sha: Sha256, claim: OpeningClaim): boolean => {
  const { field, index, size, proof } = claim.opening;
  if (field.name === "" || field.salt.length !== SALT_BYTES) return false;
  if (size % COMMITMENT_BLOCK !== 0) return false;
  const leafHash = hashLeaf(sha, fieldLeaf(claim, field));
  const root = rootFromInclusion(sha, { index, size, leafHash, proof });
  return root !== null && equal(root, claim.root);
};

/** The leaf's data: "tallystick/commitment/v1" ‖ CBOR[network id, case, field, salt, value]. */
export const fieldLeaf = (
  { networkId, caseId }: { readonly networkId: Hash; readonly caseId: Uint8Array },
  { name, salt, value }: CommittedField,
): Uint8Array => concat(LEAF_PREFIX, encode([networkId, caseId, name, salt, value]));

const treeOf = (sha: Sha256, input: CommitmentInput): LogTree => {
  requireForm(input);
  const tree = new LogTree(sha);
  for (const field of [...input.fields, ...paddingFor(sha, input.fields)]) {
    tree.append(hashLeaf(sha, fieldLeaf(input, field)));
  }
  return tree;
};

/**
 * Nulls under the empty name. Their salts follow from all the real ones, so that the holder of
 * all the openings can rebuild the root, and nobody else can tell a padding leaf from a field.
 */
const paddingFor = (sha: Sha256, fields: readonly CommittedField[]): CommittedField[] => {
  const salts = fields.map((field) => field.salt);
  const padding: CommittedField[] = [];
  for (let index = fields.length; index % COMMITMENT_BLOCK !== 0; index += 1) {
    const salt = sha.one(concat(PADDING_PREFIX, encode([salts, index])));
    padding.push({ name: "", salt, value: null });
  }
  return padding;
};

const requireForm = ({ networkId, caseId, fields }: CommitmentInput): void => {
  if (networkId.length !== 32) throw new RangeError("a network id has 32 bytes");
  if (caseId.length !== CASE_BYTES) throw new RangeError("a case id has 16 bytes");
  if (fields.length === 0 || fields.length > MAX_COMMITTED_FIELDS) {
    throw new RangeError("a commitment has 1 to 256 fields");
  }
  const names = new Set(fields.map((field) => field.name));
  if (names.has("") || names.size !== fields.length) {
    throw new RangeError("each committed field has a name of its own");
  }
  if (fields.some((field) => field.salt.length !== SALT_BYTES)) {
    throw new RangeError("a salt has 32 bytes");
  }
};
