import type { Cbor, CborInput } from "./cbor.ts";
import { hash, id16 } from "./shape.ts";

/**
 * In whose name the signer acts. On the wire [0], [1, mandate], [2, staff key id] or [3].
 * spec/transaction.md.
 */
export type Capacity =
  | { readonly kind: "self" }
  | { readonly kind: "mandate" /** 16 bytes. */; readonly mandateId: Uint8Array }
  | { readonly kind: "assisted" /** The helper's key id. */; readonly staffKeyId: Uint8Array }
  /** A portal records what a signed-in person instructed. */
  | { readonly kind: "portal" };

/** The capacity as a CBOR array. */
export const encodeCapacity = (capacity: Capacity): CborInput => {
  switch (capacity.kind) {
    case "self":
      return [0n];
    case "mandate":
      return [1n, capacity.mandateId];
    case "assisted":
      return [2n, capacity.staffKeyId];
    case "portal":
      return [3n];
  }
};

/** The capacity out of its CBOR array, or undefined when it is none. */
export const decodeCapacity = (cbor: Cbor): Capacity | undefined => {
  if (!Array.isArray(cbor)) return undefined;
  const [kind, who] = cbor as readonly Cbor[];
  if (cbor.length === 1 && kind === 0n) return { kind: "self" };
  if (cbor.length === 1 && kind === 3n) return { kind: "portal" };
  if (cbor.length !== 2 || who === undefined) return undefined;
  if (kind === 1n) {
    const mandateId = id16.decode(who);
    return mandateId === undefined ? undefined : { kind: "mandate", mandateId };
  }
  const staffKeyId = kind === 2n ? hash.decode(who) : undefined;
  return staffKeyId === undefined ? undefined : { kind: "assisted", staffKeyId };
};
