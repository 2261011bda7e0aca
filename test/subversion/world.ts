import { admit, type Message } from "@tallystick/ledger";
import { equal, fromHex, type Hash } from "@tallystick/log";
import { NodeLedger, type RunningNode } from "@tallystick/node";
import { OPERATORS, type OperatorId } from "../../apps/cli/src/demonstration/consortium.ts";
import { ed25519Signer, p256Signer } from "../support/transactions.ts";
import { type Actor, bodyOf, type Override, signAs } from "./actor.ts";
import type { Observed } from "./lie.ts";
import { type Consortium, forget, foundConsortium, startOperator, until } from "./network.ts";
import { foundLedger, Town } from "./town.ts";

const ORDERER: OperatorId = "council-service";

/** The demonstration's three nodes at work, with everything that its bodies agreed at the start. */
export class World {
  readonly consortium: Consortium;
  readonly #nodes: Map<OperatorId, RunningNode>;
  #names = 0;
  #town: Promise<Town> | null = null;

  private constructor(consortium: Consortium, nodes: Map<OperatorId, RunningNode>) {
    this.consortium = consortium;
    this.#nodes = nodes;
  }

  static async start(): Promise<World> {
    const consortium = await foundConsortium();
    const start = async (id: OperatorId) => [id, await startOperator(consortium, id)] as const;
    const nodes = await Promise.all(OPERATORS.map(({ id }) => start(id)));
    await foundLedger(consortium, new Map(nodes));
    return new World(consortium, new Map(nodes));
  }

  async stop(): Promise<void> {
    await this.#town?.then((town) => town.stop());
    await Promise.all([...this.#nodes.values()].map((node) => node.close()));
    forget(this.consortium);
  }

  /** A second network, with its own ledger, on which the bodies themselves are at work. */
  town(): Promise<Town> {
    this.#town ??= Town.start();
    return this.#town;
  }

  node(operator: OperatorId): RunningNode {
    const node = this.#nodes.get(operator);
    if (node === undefined) throw new Error(`${operator} does not run`);
    return node;
  }

  ledger(operator: OperatorId): NodeLedger {
    return new NodeLedger(this.node(operator).ledger);
  }

  /** The ordering node's view of the ledger. */
  get state() {
    return this.ledger(ORDERER).state();
  }

  /** Block time as it would be now. */
  get nowMs(): bigint {
    return this.ledger(ORDERER).now();
  }

  /** Stops the ordering node and starts it again on the same files. */
  async restartOrderer(): Promise<void> {
    await this.node(ORDERER).close();
    this.#nodes.set(ORDERER, await startOperator(this.consortium, ORDERER));
  }

  /** A name that nobody has used here. */
  fresh(what: string): string {
    this.#names += 1;
    return `${what}-${this.#names}`;
  }

  member(id: string): Actor {
    return bodyOf(this.consortium, id);
  }

  /** A member of staff whose key the body has registered for this role. */
  async staff(member: string, role: string): Promise<Actor> {
    const actor = { kind: "staff", member, signer: ed25519Signer(this.fresh(role)) } as const;
    await this.register(actor, role);
    return actor;
  }

  /** Registers a staff key for a role; a body's own act. */
  async register({ member, signer }: Actor, role: string): Promise<void> {
    const pseudonym = this.fresh("desk");
    const message = { type: "members/add-staff-key", member, key: signer.key, role, pseudonym };
    await this.must(this.member(member), [message as Message]);
  }

  /** A resident with a fresh key, whose transactions this body's portal passes on. */
  person(member: string): Actor {
    return { kind: "person", member, signer: p256Signer(this.fresh("resident")) };
  }

  /** Bytes of a transaction as an honest client would build it, save for what is overridden. */
  sign(actor: Actor, messages: readonly Message[], override: Override = {}): Uint8Array {
    return signAs(this.consortium, { actor, messages, nowMs: this.nowMs }, override);
  }

  /** Hands a transaction to an operator's node: `ok`, or the code that refused it. */
  async send(bytes: Uint8Array, operator: OperatorId = ORDERER): Promise<string> {
    return (await this.#post(bytes, operator)).fate;
  }

  /** Does what must succeed for a lie to begin; answers the transaction's id. */
  async must(actor: Actor, messages: readonly Message[], override: Override = {}): Promise<Hash> {
    const { fate, id } = await this.#post(this.sign(actor, messages, override), ORDERER);
    if (fate !== "ok" || id === null) throw new Error(`what should stand is refused: ${fate}`);
    return id;
  }

  /**
   * Tells a lie in one transaction, and asks every operator's own node what it made of it. It is
   * refused by all when each says the same code and none let it change anything.
   */
  async tell(bytes: Uint8Array): Promise<Pick<Observed, "verdict" | "evidence">> {
    await this.settled();
    const before = this.#sizes();
    const admissions = this.#each((ledger) => {
      const { state } = this.node(ledger).ledger.replica;
      const admitted = admit(this.ledger(ledger).host, state, this.nowMs, bytes);
      return admitted.ok ? null : admitted.code;
    });
    const byFollower = await this.#post(bytes, "auditor");
    if (admissions.some((code) => code !== null)) {
      // Neither through another's node nor handed to the one that orders does it leave a trace.
      const answers = [...admissions, byFollower.fate, await this.send(bytes)];
      const isTraceless = this.#sizes().every((size, at) => size === before[at]);
      return verdictOf(isTraceless ? answers : [...answers, "recorded"]);
    }
    const { id } = byFollower;
    if (id === null) throw new Error(`the node did not answer: ${byFollower.fate}`);
    await this.settled();
    return verdictOf(
      this.#each((operator) => {
        const recorded = this.ledger(operator).recorded(id);
        return recorded === null ? "not recorded" : recorded.refusal;
      }),
    );
  }

  /** Waits until every node has executed what the ordering node has. */
  async settled(): Promise<void> {
    const size = this.node(ORDERER).ledger.replica.size;
    await until("every node has every block", () => this.#sizes().every((own) => own >= size));
    const roots = this.#each((operator) => this.node(operator).ledger.replica.tree.root(size));
    if (!roots.every((root) => equal(root, roots[0] ?? root))) throw new Error("the nodes differ");
  }

  #sizes(): number[] {
    return this.#each((operator) => this.node(operator).ledger.replica.size);
  }

  #each<T>(ask: (operator: OperatorId) => T): T[] {
    return OPERATORS.map(({ id }) => ask(id));
  }

  async #post(
    bytes: Uint8Array,
    operator: OperatorId,
  ): Promise<{ readonly fate: string; readonly id: Hash | null }> {
    const answer = await fetch(`${this.node(operator).url}/v1/transactions?wait=true`, {
      method: "POST",
      headers: { "Content-Type": "application/cose" },
      body: new Uint8Array(bytes),
    });
    const { id, code, outcome } = (await answer.json()) as {
      readonly id?: string;
      readonly code?: string;
      readonly outcome?: { readonly ok: boolean; readonly code?: string };
    };
    const fate = outcome?.ok === true ? "ok" : (outcome?.code ?? code ?? `HTTP ${answer.status}`);
    return { fate, id: id === undefined ? null : fromHex(id) };
  }
}

/** Refused by all when every answer is the same code; else nobody noticed, or not everybody did. */
function verdictOf(answers: readonly (string | null)[]): Pick<Observed, "verdict" | "evidence"> {
  const [first] = answers;
  const isOne = typeof first === "string" && answers.every((answer) => answer === first);
  const evidence = [...new Set(answers.map((answer) => answer ?? "recorded as done"))].join(", ");
  return { verdict: isOne ? "refused by all" : "undetectable", evidence };
}
