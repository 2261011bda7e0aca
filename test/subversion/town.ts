import { join } from "node:path";
import { getDisclosure, getDraw, type Message, type StateReader } from "@tallystick/ledger";
import type { Hash } from "@tallystick/log";
import { type Bodies, createBodies, NodeLedger, type RunningNode } from "@tallystick/node";
import {
  MEMBERS,
  OPERATORS,
  type OperatorId,
} from "../../apps/cli/src/demonstration/consortium.ts";
import { found } from "../../apps/cli/src/demonstration/found.ts";
import { bodyOf, signAs } from "./actor.ts";
import { busPass } from "./bus-pass.ts";
import { decideFor } from "./false-decisions.ts";
import { type Consortium, forget, foundConsortium, startOperator, until } from "./network.ts";

/** Puts on the ledger what the demonstration's bodies agree at the start. */
export async function foundLedger(
  { keys }: Consortium,
  nodes: ReadonlyMap<OperatorId, RunningNode>,
): Promise<void> {
  const definition = busPass().compiled.bytes;
  const each = [...nodes].map(([operator, node]) =>
    found({ operator, ledger: new NodeLedger(node.ledger), keys, definition }),
  );
  await Promise.all(each);
}

interface Staffed {
  readonly node: RunningNode;
  readonly bodies: Bodies;
}

/** The demonstration with its bodies at work, some of which decide falsely: false-decisions.ts. */
export class Town {
  readonly consortium: Consortium;
  readonly #operators: ReadonlyMap<OperatorId, Staffed>;

  private constructor(consortium: Consortium, operators: ReadonlyMap<OperatorId, Staffed>) {
    this.consortium = consortium;
    this.#operators = operators;
  }

  static async start(): Promise<Town> {
    const consortium = await foundConsortium();
    const start = async (id: OperatorId) => [id, await staff(consortium, id)] as const;
    const operators = new Map(await Promise.all(OPERATORS.map(({ id }) => start(id))));
    const nodes = [...operators].map(([id, { node }]) => [id, node] as const);
    await foundLedger(consortium, new Map(nodes));
    for (const { bodies } of operators.values()) bodies.start();
    return new Town(consortium, operators);
  }

  async stop(): Promise<void> {
    const operators = [...this.#operators.values()];
    await Promise.all(operators.map(({ bodies }) => bodies.stop()));
    await Promise.all(operators.map(({ node }) => node.close()));
    forget(this.consortium);
  }

  /** Where a member's node answers. */
  urlOf(member: string): string {
    return this.consortium.addresses.get(operatorOf(member)) ?? "";
  }

  /** The ledger as the node of a member has it. */
  ledgerOf(member: string): NodeLedger {
    const staffed = this.#operators.get(operatorOf(member));
    if (staffed === undefined) throw new Error(`nobody hosts ${member}`);
    return new NodeLedger(staffed.node.ledger);
  }

  /** Records an act of a member, outside its own node's doing. */
  async act(member: string, messages: readonly Message[]): Promise<Hash> {
    const ledger = this.ledgerOf(member);
    const actor = bodyOf(this.consortium, member);
    const bytes = signAs(this.consortium, { actor, messages, nowMs: ledger.now() });
    const submitted = await ledger.submit(bytes);
    if (!submitted.ok) throw new Error(`what should stand is refused: ${submitted.code}`);
    return submitted.id;
  }

  /** What the auditor found on a decision, as it stands on every node's ledger. */
  async finding(act: Hash): Promise<boolean> {
    const found = (state: StateReader) => {
      const status = getDraw(state, act)?.status;
      return status === "agreed" || status === "disagreed" ? status : null;
    };
    const each = (): (string | null)[] => this.#states().map(found);
    await until("every node has the finding", () => each().every((status) => status !== null));
    const [first, ...others] = each();
    if (!others.every((status) => status === first)) throw new Error("the nodes differ");
    return first === "agreed";
  }

  /** Waits until the node of a member has a transaction on its ledger. */
  recordedFor(member: string, id: Hash): Promise<void> {
    const ledger = this.ledgerOf(member);
    return until("the transaction is on the ledger", () => ledger.recorded(id) !== null);
  }

  /** Whether a disclosure is acknowledged on the ledger, once its recipient has taken it. */
  async isAcknowledged(disclosureId: Hash): Promise<boolean> {
    const [state] = this.#states();
    const atMs = () =>
      state === undefined
        ? null
        : (getDisclosure(state, disclosureId, 0)?.acknowledgedAtMs ?? null);
    await until("the disclosure is acknowledged", () => atMs() !== null);
    return true;
  }

  #states(): StateReader[] {
    return [...this.#operators.values()].map(({ node }) => new NodeLedger(node.ledger).state());
  }
}

const operatorOf = (member: string): OperatorId => {
  const operator = MEMBERS.find(({ id }) => id === member)?.operator;
  if (operator === undefined) throw new Error(`${member} takes no part`);
  return operator;
};

/** An operator's node with the bodies that it hosts. */
async function staff(consortium: Consortium, operator: OperatorId): Promise<Staffed> {
  const { keys, addresses, directory } = consortium;
  const hosted = MEMBERS.filter((member) => member.operator === operator);
  let bodies: Bodies | null = null;
  const node = await startOperator(consortium, operator, {
    routes: (app, ledger) => {
      bodies = createBodies({
        ledger: new NodeLedger(ledger),
        directory: join(directory, operator),
        members: hosted.map(({ id }) => ({
          id,
          act: keys.secret(`${id}/act`),
          sealing: keys.secret(`${id}/sealing`),
          issuer: keys.secret(`${id}/issuer`),
        })),
        addressOf: (member) => addresses.get(operatorOf(member)) ?? "",
        decide: decideFor(operator),
      });
      bodies.mount(app);
    },
  });
  if (bodies === null) throw new Error("the node mounts no bodies");
  return { node, bodies };
}
