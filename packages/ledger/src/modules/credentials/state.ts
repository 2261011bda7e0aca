import type { CoseKey } from "../../keys.ts";
import { coseKey, flag, hash, name, natural, record } from "../../shape.ts";
import { Table } from "../../table.ts";

/** That a body may issue one type of credential, and with which key. */
export interface Issuer {
  readonly level: string;
  /** P-256. */
  readonly key: CoseKey;
  readonly accreditedBy: string;
  readonly withdrawn: boolean;
}

/** The newest version of a status list that its issuer has committed to. */
export interface StatusListCommitment {
  readonly version: bigint;
  readonly list: Uint8Array;
}

/** issuer, type → Issuer */
export const issuers: Table<Issuer> = new Table(
  "credentials/issuers",
  record<Issuer>({ level: name, key: coseKey, accreditedBy: name, withdrawn: flag }),
);
/** issuer, uri → StatusListCommitment */
export const statusLists: Table<StatusListCommitment> = new Table(
  "credentials/status-lists",
  record<StatusListCommitment>({ version: natural, list: hash }),
);
