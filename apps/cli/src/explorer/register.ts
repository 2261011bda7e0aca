import { sayName } from "@tallystick/client";
import {
  type AgreementTerms,
  getAgreement,
  getKey,
  getOperator,
  getSite,
  listMembers,
  type Member,
  type Transaction,
} from "@tallystick/ledger";
import type { Named } from "@tallystick/portal";
import { type ExplorerNode, remembered, stateOf } from "./explorer-node.ts";

/** Who signed, as far as the ledger knows. A removed key is nobody's any more. */
export type Signer =
  | { readonly kind: "member"; readonly member: string }
  | { readonly kind: "staff"; readonly member: string; readonly role: string }
  | { readonly kind: "unknown" };

const ESP256 = -9;

/** What stands behind the ids on the ledger, in words. */
export class Register {
  readonly #node: ExplorerNode;
  readonly #members: () => ReadonlyMap<string, Member>;
  readonly #areas: () => ReadonlyMap<string, string>;

  constructor(node: ExplorerNode) {
    this.#node = node;
    const version = (): string => String(node.replica.blockNumber);
    this.#members = remembered(
      version,
      () => new Map([...listMembers(stateOf(node))].map((member) => [member.id, member])),
    );
    this.#areas = remembered(version, () => areaNames([...this.#members().values()]));
  }

  /** A member's name; its id when there is no such member. */
  member(id: string): Named {
    return { id, name: this.knownMember(id) ?? id };
  }

  /** A member's name, or null. What is no member's id may be anything, so it is never repeated. */
  knownMember(id: string): string | null {
    return this.#members().get(id)?.name ?? null;
  }

  operator(id: string): Named {
    return { id, name: getOperator(stateOf(this.#node), id)?.name ?? id };
  }

  /** The GSS codes that a member may serve. */
  areasOf(member: string): readonly string[] {
    return this.#members().get(member)?.areas ?? [];
  }

  /** An area by the body that serves it: the ledger has no other name for it. */
  area(code: string): Named {
    const body = this.#areas().get(code);
    const name = body === undefined ? `the area ${code}` : `the area of ${body} (${code})`;
    return { id: code, name };
  }

  /** A registered site of a member; null when it has none of this id. */
  site(member: string, siteId: string): string | null {
    return getSite(stateOf(this.#node), member, siteId)?.name ?? null;
  }

  /**
   * The site that an operator orders from: that of the member whose key it cosigns with, or of the
   * only member that it runs with a site of this id. Else it is told by its id.
   */
  operatorSite(operator: string, siteId: string): string {
    const { members } = this.#node.replica.state.genesis;
    const own = members.filter(({ operatorId }) => operatorId === operator);
    const cosigning = own.filter(({ cosignerKey }) => cosignerKey !== null);
    for (const among of [cosigning, own]) {
      const [name, ...others] = among.flatMap(({ id }) => this.site(id, siteId) ?? []);
      if (name !== undefined && others.length === 0) return name;
    }
    return `its site “${siteId}”`;
  }

  agreement(id: string): AgreementTerms | null {
    return getAgreement(stateOf(this.#node), id)?.terms ?? null;
  }

  signer({ keyId }: Pick<Transaction, "keyId">): Signer {
    const key = getKey(stateOf(this.#node), keyId);
    if (key === null) return { kind: "unknown" };
    const { kind, member, role } = key;
    return kind === "member" ? { kind, member } : { kind, member, role };
  }

  /** The signer by name, staff by role; null for whoever the ledger does not know by name. */
  sayKnownSigner(signer: Signer): string | null {
    if (signer.kind === "unknown") return null;
    const { name } = this.member(signer.member);
    return signer.kind === "member" ? name : `${sayOne(signer.role)} of ${name}`;
  }
}

/** True for a key of the kind that wallets hold. */
export const isWalletKey = ({ algorithm }: Pick<Transaction, "algorithm">): boolean =>
  algorithm === ESP256;

/** "An officer", "A reviewer". */
const sayOne = (role: string): string => `${/^[aeiou]/i.test(role) ? "An" : "A"} ${sayName(role)}`;

/** Each area under the body with the fewest areas that serves it: its own council, as a rule. */
const areaNames = (members: readonly Member[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const narrowFirst = [...members].sort((a, b) => a.areas.length - b.areas.length);
  for (const { areas, name } of narrowFirst) {
    for (const code of areas) if (!names.has(code)) names.set(code, name);
  }
  return names;
};
