import { type Cbor, type CborInput, type CommittedField, decode, encode } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";

/** What a disclosure carries: the fields under its commitment, in order. */
export interface DisclosureContents {
  readonly kind: "disclosure";
  readonly caseId: Uint8Array;
  readonly fields: readonly CommittedField[];
}

/** What a drawn decision was made of: everything that it takes to make it again. */
export interface OpeningContents {
  readonly kind: "opening";
  readonly caseId: Uint8Array;
  readonly act: Hash;
  /** The transaction that opened the case. */
  readonly opened: Hash;
  /** Under the commitment of the act that opened the case. */
  readonly facts: readonly CommittedField[];
  /** Under the decision's commitment. */
  readonly decision: readonly CommittedField[];
  readonly presentations: readonly string[];
  readonly audience: string;
  readonly nonce: string;
}

/** A body destroyed its key to the case and asks the recipient to do the same. */
export interface ErasureContents {
  readonly kind: "erasure";
  readonly caseId: Uint8Array;
  /** The body; that it did stands on the ledger. */
  readonly holder: string;
}

export type Contents = DisclosureContents | OpeningContents | ErasureContents;

const KINDS = { disclosure: 1n, opening: 2n, erasure: 3n } as const;

/** Fields as CBOR [[name, salt, value]…]. */
export const encodeFields = (fields: readonly CommittedField[]): CborInput =>
  fields.map(({ name, salt, value }) => [name, salt, value]);

/** The fields in a CBOR value, or null when it is not exactly a list of them. */
export function decodeFields(cbor: Cbor | undefined): readonly CommittedField[] | null {
  if (!Array.isArray(cbor)) return null;
  const fields: CommittedField[] = [];
  for (const item of cbor as readonly Cbor[]) {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [name, salt, value] = item as [Cbor, Cbor, Cbor];
    if (typeof name !== "string" || !(salt instanceof Uint8Array)) return null;
    fields.push({ name, salt, value });
  }
  return fields;
}

/** What goes into an envelope: CBOR, [kind, case, …]. spec/delivery.md §3. */
export function encodeContents(contents: Contents): Uint8Array {
  const head: readonly CborInput[] = [KINDS[contents.kind], contents.caseId];
  if (contents.kind === "disclosure") return encode([...head, encodeFields(contents.fields)]);
  if (contents.kind === "erasure") return encode([...head, contents.holder]);
  const { act, opened, facts, decision, presentations, audience, nonce } = contents;
  return encode([
    ...head,
    act,
    opened,
    encodeFields(facts),
    encodeFields(decision),
    [...presentations],
    audience,
    nonce,
  ]);
}

/** The contents of an opened envelope, or null when they are none. */
export function decodeContents(bytes: Uint8Array): Contents | null {
  const decoded = decode(bytes);
  if (!decoded.ok || !Array.isArray(decoded.value)) return null;
  const [kind, caseId, ...rest] = decoded.value as readonly Cbor[];
  if (!(caseId instanceof Uint8Array)) return null;
  if (kind === KINDS.disclosure) return decodeDisclosure(caseId, rest);
  if (kind === KINDS.erasure) return decodeErasure(caseId, rest);
  return kind === KINDS.opening ? decodeOpening(caseId, rest) : null;
}

function decodeDisclosure(caseId: Uint8Array, rest: readonly Cbor[]): Contents | null {
  const fields = rest.length === 1 ? decodeFields(rest[0]) : null;
  return fields === null ? null : { kind: "disclosure", caseId, fields };
}

function decodeErasure(caseId: Uint8Array, rest: readonly Cbor[]): Contents | null {
  const [holder] = rest;
  return rest.length === 1 && typeof holder === "string"
    ? { kind: "erasure", caseId, holder }
    : null;
}

function decodeOpening(caseId: Uint8Array, rest: readonly Cbor[]): Contents | null {
  const [act, opened, first, second, shown, audience, nonce] = rest;
  const [facts, decision] = [decodeFields(first), decodeFields(second)];
  const presentations = textsOf(shown);
  if (!(act instanceof Uint8Array) || !(opened instanceof Uint8Array)) return null;
  if (rest.length !== 7 || facts === null || decision === null || presentations === null) {
    return null;
  }
  if (typeof audience !== "string" || typeof nonce !== "string") return null;
  return { kind: "opening", caseId, act, opened, facts, decision, presentations, audience, nonce };
}

const textsOf = (cbor: Cbor | undefined): readonly string[] | null =>
  Array.isArray(cbor) && cbor.every((item): item is string => typeof item === "string")
    ? cbor
    : null;
