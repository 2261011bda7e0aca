import {
  createStatusList,
  freeStatusIndex,
  issueStatusListToken,
  type StatusList,
  type StatusReference,
  setStatus,
} from "@tallystick/credentials";
import { equal } from "@tallystick/log";
import { columnOf, inTransaction } from "../store/database.ts";
import { act } from "./act.ts";
import type { Body } from "./body.ts";

/** Places in a list: enough that a place says nothing about whose credential it is. */
export const STATUS_LIST_ENTRIES = 131_072;
const BITS = 1;

const SQL = {
  list: "SELECT version, entries, token FROM status_list WHERE name = ?",
  putList:
    "INSERT INTO status_list (name, version, entries, token) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version, entries = excluded.entries, token = excluded.token",
  isTaken: "SELECT 1 FROM status_entry WHERE list = ? AND position = ?",
  take: "INSERT INTO status_entry (list, position) VALUES (?, ?)",
} as const;

interface StoredList {
  readonly version: number;
  readonly list: StatusList;
  readonly token: string;
}

/** The status lists that one body publishes: the newest hash of each stands on the ledger. */
export class StatusLists {
  readonly #body: Body;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(body: Body) {
    this.#body = body;
  }

  /** Where a list is fetched: what its credentials carry. */
  uri(name: string): string {
    const { genesis } = this.#body.ledger;
    const { id, registered } = this.#body.member;
    const operator = genesis.operators.find((one) => one.id === registered.operatorId);
    return `${operator?.address ?? ""}/v1/members/${id}/status-lists/${name}`;
  }

  /** The newest token of a list, or null when there is no such list. */
  token(name: string): string | null {
    return this.#stored(name)?.token ?? null;
  }

  /** Takes places of a list, which is on the ledger when this resolves. Throws as `act` does. */
  take(name: string, count: number): Promise<StatusReference[]> {
    return this.#inTurn(async () => {
      await this.#ensure(name);
      const { database } = this.#body.member.vault;
      const list = this.#stored(name)?.list ?? emptyList();
      const isTaken = (index: number): boolean =>
        database.prepare(SQL.isTaken).get(name, index) !== undefined;
      const uri = this.uri(name);
      return inTransaction(database, () =>
        Array.from({ length: count }, () => {
          const index = freeStatusIndex(list, isTaken, this.#body.randomBytes);
          if (index === null) throw new RangeError(`the status list ${name} is full`);
          database.prepare(SQL.take).run(name, index);
          return { uri, index };
        }),
      );
    });
  }

  /** Marks places and puts the new list on the ledger; returns its version. */
  mark(name: string, indexes: readonly number[], status: number): Promise<number> {
    return this.#inTurn(async () => {
      const stored = this.#stored(name);
      const list = stored?.list ?? emptyList();
      for (const index of indexes) setStatus(list, index, status);
      await this.#put(name, list, (stored?.version ?? 0) + 1);
      await this.#ensure(name);
      return this.#stored(name)?.version ?? 0;
    });
  }

  /** Makes the list if it is new, and commits to it where the ledger does not show it yet. */
  async #ensure(name: string): Promise<void> {
    if (this.#stored(name) === null) await this.#put(name, emptyList(), 1);
    const { version, token } = this.#stored(name) as StoredList;
    const { view, ledger, member } = this.#body;
    const uri = this.uri(name);
    const list = ledger.host.sha256.one(packedIn(token));
    const shown = view.statusList(member.id, uri);
    if (shown !== null && equal(shown.list, list)) return;
    const message = { type: "credentials/status-list", issuer: member.id, uri, list } as const;
    await act(this.#body, [{ ...message, version: BigInt(version) }]);
  }

  async #put(name: string, list: StatusList, version: number): Promise<void> {
    const { member, ledger } = this.#body;
    const signer = member.issuer;
    if (signer === null) throw new RangeError(`${member.id} has no key to issue with`);
    const { token } = await issueStatusListToken({
      issuerKey: async (bytes) => signer.sign(bytes),
      keyId: issuerKeyId(member.id),
      uri: this.uri(name),
      list,
      issuedAtSeconds: Number(ledger.now() / 1000n),
    });
    // On disk before it is on the ledger: a version that the ledger has is never lost here.
    const { vault } = member;
    vault.durably(() => vault.database.prepare(SQL.putList).run(name, version, list.bytes, token));
  }

  #stored(name: string): StoredList | null {
    const row = this.#body.member.vault.database.prepare(SQL.list).get(name);
    if (row === undefined) return null;
    const bytes = new Uint8Array(columnOf(row, "entries") as Uint8Array);
    return {
      version: Number(columnOf(row, "version")),
      list: { bits: BITS, bytes },
      token: String(columnOf(row, "token")),
    };
  }

  /** One change at a time: each version follows from the last. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** The `kid` of what a member issues. */
export const issuerKeyId = (member: string): string => `${member}/issuer`;

const emptyList = (): StatusList => createStatusList(BITS, STATUS_LIST_ENTRIES);

/** The compressed list inside a token of our own. */
function packedIn(token: string): Uint8Array {
  const [, payload = ""] = token.split(".");
  const json = Buffer.from(payload, "base64url").toString("utf8");
  const { status_list: list } = JSON.parse(json) as { status_list: { lst: string } };
  return new Uint8Array(Buffer.from(list.lst, "base64url"));
}
