import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Genesis, GenesisMember } from "@tallystick/ledger";
import type { Sha256 } from "@tallystick/log";
import { ed25519Signer, type Signer } from "../crypto/ed25519.ts";
import { p256Signer } from "../crypto/p256.ts";
import { fileMemberKey, type MemberKey } from "../vault/member-key.ts";
import { Vault } from "../vault/vault.ts";

/** A hosted member's secret keys, 32 bytes each, as their keeper hands them to the node. */
export interface MemberSecrets {
  readonly id: string;
  /** Ed25519 seed: signs the member's transactions. */
  readonly act: Uint8Array;
  /** X25519: opens what other bodies seal to it. */
  readonly sealing: Uint8Array;
  /** P-256 scalar: signs credentials and status lists; null for a body that issues none. */
  readonly issuer: Uint8Array | null;
}

/** A member at this node: its keys, its vault, and where it acts. */
export interface HostedMember {
  readonly id: string;
  readonly registered: GenesisMember;
  readonly act: Signer;
  readonly sealingSecret: Uint8Array;
  readonly issuer: Signer | null;
  readonly vault: Vault;
}

const OWNERS_FOLDER = 0o700;
const OWNERS_FILE = 0o600;

interface OpenOptions {
  /** The operator's data directory; vaults lie in `vault/` under it. */
  readonly directory: string;
  readonly genesis: Genesis;
  readonly sha: Sha256;
  readonly secrets: MemberSecrets;
  /** A key service instead of the key file. */
  readonly memberKey?: MemberKey;
}

/** Opens a member's vault with its own key. Throws RangeError for a member that genesis lacks. */
export function openMember({
  directory,
  genesis,
  sha,
  secrets,
  memberKey,
}: OpenOptions): HostedMember {
  const registered = genesis.members.find(({ id }) => id === secrets.id);
  if (registered === undefined) throw new RangeError(`${secrets.id} is no member of this network`);
  const folder = join(directory, "vault");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, OWNERS_FOLDER);
  const key = memberKey ?? fileMemberKey(join(folder, `${secrets.id}.key`));
  const path = join(folder, `${secrets.id}.sqlite`);
  // SQLite gives the files beside it the same mode.
  closeSync(openSync(path, "a", OWNERS_FILE));
  return {
    id: secrets.id,
    registered,
    act: ed25519Signer(secrets.act),
    sealingSecret: secrets.sealing,
    issuer: secrets.issuer === null ? null : p256Signer(secrets.issuer),
    vault: Vault.open({ path, member: secrets.id, key, sha }),
  };
}
