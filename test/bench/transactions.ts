import { createECDH, randomBytes } from "node:crypto";
import {
  assembleTransaction,
  type CoseKey,
  definitionHash,
  keyId,
  type Message,
  type Place,
  signingBytes,
} from "@tallystick/ledger";
import { ed25519Signer, nodeSha256, p256Signer, type Signer } from "@tallystick/node";
import { MEMBERS, siteOf } from "../../apps/cli/src/demonstration/consortium.ts";
import { AUTHORITIES } from "../../apps/cli/src/demonstration/founding.ts";
import type { Orderer } from "./orderer.ts";

const VALIDITY_MS = 500_000n;
const random = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

/** What the figures say was written; one in three opens a case. */
export const MIX =
  "two thirds members' acts signed with Ed25519, one third residents' cases opened with P-256";

/** Signed transactions of the mix, ready to be handed in. */
export function prepareMix(orderer: Orderer, count: number): Uint8Array[] {
  const signers = new Map(
    MEMBERS.map(({ id }) => [id, ed25519Signer(orderer.keys.secret(`${id}/act`))]),
  );
  const hash = definitionHash(nodeSha256, orderer.definition);
  return Array.from({ length: count }, (_, index) =>
    index % 3 === 2 ? openCase(orderer, index, hash) : addSite(orderer, index, signers),
  );
}

interface Unsigned {
  readonly signer: Signer;
  readonly key: CoseKey;
  readonly place: Place;
  readonly sponsor: string | null;
  readonly message: Message;
}

function addSite(
  orderer: Orderer,
  index: number,
  signers: ReadonlyMap<string, Signer>,
): Uint8Array {
  const { id: member } = MEMBERS[index % MEMBERS.length] as (typeof MEMBERS)[number];
  const signer = signers.get(member) as Signer;
  const place = { kind: "grid", reference: "ST5873", precisionMetres: 1000n } as const;
  return sign(orderer, {
    signer,
    key: { kind: "ed25519", publicKey: signer.publicKey },
    place: { kind: "site", siteId: siteOf(member) },
    sponsor: null,
    message: { type: "members/add-site", member, siteId: `depot-${index}`, name: "Depot", place },
  });
}

function openCase(orderer: Orderer, index: number, definition: Uint8Array): Uint8Array {
  const authority = AUTHORITIES[index % AUTHORITIES.length] as string;
  const curve = createECDH("prime256v1");
  curve.generateKeys();
  const signer = p256Signer(new Uint8Array(curve.getPrivateKey()));
  const area = MEMBERS.find(({ id }) => id === authority)?.areas[0] ?? "E06000023";
  return sign(orderer, {
    signer,
    key: { kind: "p256", publicKey: signer.publicKey },
    place: { kind: "area", code: area },
    sponsor: authority,
    message: {
      type: "services/open",
      case: random(16),
      ...{ definition, authority, action: "apply", commitment: random(32) },
      tags: [{ name: "applicant", tag: random(32) }],
    },
  });
}

function sign(orderer: Orderer, { signer, key, place, sponsor, message }: Unsigned): Uint8Array {
  const { replica, clock } = orderer.node.ledger;
  const unsigned = {
    networkId: replica.networkId,
    algorithm: key.kind === "p256" ? -9 : -19,
    ...{ keyId: keyId(nodeSha256, key), key },
    payload: {
      nonce: random(16),
      validUntilMs: BigInt(clock.nowMs()) + VALIDITY_MS,
      ...{ actedAtMs: null, place, capacity: { kind: "self" }, sponsor, messages: [message] },
    },
  } as const;
  return assembleTransaction({ ...unsigned, signature: signer.sign(signingBytes(unsigned)) });
}
