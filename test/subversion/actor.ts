import { randomBytes } from "node:crypto";
import { keyId, type Message, type TransactionPayload } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { ed25519Signer } from "@tallystick/node";
import { MEMBERS, siteOf } from "../../apps/cli/src/demonstration/consortium.ts";
import { nodeSha256 } from "../support/hosts.ts";
import { signTransaction, type TestSigner } from "../support/transactions.ts";
import type { Consortium } from "./network.ts";

/** Whoever signs: a body, one of its staff, or a resident whom a body's portal serves. */
export interface Actor {
  readonly kind: "member" | "staff" | "person";
  readonly member: string;
  readonly signer: TestSigner;
}

/** What a transaction may have besides its messages. */
export type Override = Partial<Omit<TransactionPayload, "messages">> & {
  readonly networkId?: Hash;
};

const VALIDITY_MS = 300_000n;

/** A body with its own key. */
export function bodyOf({ keys }: Consortium, member: string): Actor {
  const { publicKey, sign } = ed25519Signer(keys.secret(`${member}/act`));
  const key = { kind: "ed25519", publicKey } as const;
  const signer: TestSigner = { algorithm: -19, key, keyId: keyId(nodeSha256, key), sign };
  return { kind: "member", member, signer };
}

interface Draft {
  readonly actor: Actor;
  readonly messages: readonly Message[];
  readonly nowMs: bigint;
}

/** Bytes of a transaction as an honest client would build it, save for what is overridden. */
export function signAs(
  consortium: Consortium,
  { actor, messages, nowMs }: Draft,
  override: Override = {},
): Uint8Array {
  const { networkId = consortium.networkId, ...payload } = override;
  const isPerson = actor.kind === "person";
  const code = MEMBERS.find(({ id }) => id === actor.member)?.areas[0] ?? "E06000023";
  return signTransaction({
    networkId,
    signer: actor.signer,
    payload: {
      nonce: new Uint8Array(randomBytes(16)),
      validUntilMs: nowMs + VALIDITY_MS,
      actedAtMs: null,
      place: isPerson ? { kind: "area", code } : { kind: "site", siteId: siteOf(actor.member) },
      capacity: { kind: "self" },
      sponsor: isPerson ? actor.member : null,
      messages,
      ...payload,
    },
  });
}

/** Bytes with the last bit of the signature turned over. */
export function bend(bytes: Uint8Array): Uint8Array {
  const bent = bytes.slice();
  bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) ^ 1;
  return bent;
}
