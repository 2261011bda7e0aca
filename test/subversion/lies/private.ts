import { decide, loadService, parseFacts } from "@tallystick/definitions";
import {
  commit,
  decodeTransaction,
  getAdoption,
  getDefinitionBytes,
  londonDay,
  type MessageOf,
  type MessageType,
} from "@tallystick/ledger";
import { equal, type Hash } from "@tallystick/log";
import type { NodeLedger } from "@tallystick/node";
import { BORN } from "../false-decisions.ts";
import type { Lie, Observed } from "../lie.ts";
import {
  applyAs,
  type Decided,
  fateOfApplying,
  resident,
  residentByForger,
  withdraw,
} from "../resident.ts";
import type { Town } from "../town.ts";
import type { World } from "../world.ts";

/** Old enough for a pass, and too young for one. */
const OLD = "1950-02-28";
const YOUNG = "1990-02-27";

/** What the auditor finds on the decision about somebody born on this day. */
async function audited(town: Town, born: string): Promise<{ outcome: string; agrees: boolean }> {
  const decided = await applyAs(town, await resident(town, born));
  return { outcome: decided.decision.outcome, agrees: await town.finding(decided.act) };
}

/** A false decision, beside a true one about somebody like the one whom the lie is about. */
const falseDecision =
  (born: string, told: "granted" | "refused", like: string): Lie["run"] =>
  async (world) => {
    const town = await world.town();
    const [{ outcome, agrees }, honest] = await Promise.all([
      audited(town, born),
      audited(town, like),
    ]);
    if (outcome !== told) throw new Error(`the false decision was not recorded: ${outcome}`);
    return {
      verdict: agrees ? "undetectable" : "drawn by the auditor",
      evidence: `agrees: ${agrees}`,
      honest: honest.agrees ? "ok" : "the auditor disagrees",
    };
  };

/** A message that stands on the ledger, out of the transaction that a receipt holds. */
function recordedMessage<T extends MessageType>(ledger: NodeLedger, id: Hash, type: T) {
  const recorded = ledger.recorded(id);
  const bytes = recorded?.bytes ?? new Uint8Array();
  const decoded = decodeTransaction(ledger.host, ledger.networkId, bytes);
  const message = decoded.ok ? decoded.transaction.payload.messages[0] : undefined;
  if (recorded === null || message?.type !== type) throw new Error(`${type} is not recorded`);
  return { message: message as MessageOf<T>, atMs: recorded.blockTimeMs };
}

/**
 * What anybody can work out whom the applicant shows the openings: they give the commitment on the
 * ledger, and the rule that the case pins is on the ledger too.
 */
function workOutAgain(town: Town, { owned, opened, act }: Decided): { rule: string; told: string } {
  const ledger = town.ledgerOf("severn-buses");
  const state = ledger.state();
  const opening = recordedMessage(ledger, opened, "services/open");
  const { definition, authority, commitment } = opening.message;
  const shown = owned.acts()[0]?.commitment?.opening;
  if (shown === undefined || !equal(commit(ledger.host.sha256, shown), commitment)) {
    throw new Error("the applicant's openings do not give the commitment");
  }
  const loading = loadService(getDefinitionBytes(state, definition) ?? new Uint8Array());
  if (!loading.ok) throw new Error("the rule on the ledger cannot be read");
  const value = (name: string) => shown.fields.find((field) => field.name === name)?.value ?? null;
  const parsed = parseFacts(loading.compiled.service, {
    dateOfBirth: value("dateOfBirth"),
    residence: {
      authority: value("residence.authority"),
      soleOrPrincipal: value("residence.soleOrPrincipal"),
    },
  });
  if (!parsed.ok) throw new Error("the openings are no facts");
  const areas = getAdoption(state, authority, definition)?.areas ?? [];
  const at = londonDay(opening.atMs);
  const { outcome } = decide(loading.compiled, { facts: parsed.facts, at, body: { areas } });
  const told = recordedMessage(ledger, act, "services/decide").message.outcome;
  return { rule: outcome === "granted" ? "grant" : "refuse", told };
}

/** The council refuses falsely and the auditor agrees; the applicant needs neither to show it. */
async function cheatTogether(world: World): Promise<Observed> {
  const town = await world.town();
  const journey = async (born: string) => {
    const decided = await applyAs(town, await resident(town, born));
    return { agrees: await town.finding(decided.act), ...workOutAgain(town, decided) };
  };
  const [cheated, honest] = await Promise.all([journey(BORN.cheatedByAll), journey(YOUNG)]);
  const { agrees, rule, told } = cheated;
  return {
    verdict: !agrees ? "drawn by the auditor" : rule === told ? "undetectable" : PROVABLE,
    evidence: `rule: ${rule}, told: ${told}`,
    honest: honest.rule === honest.told ? "ok" : "the rule says otherwise",
  };
}

const PROVABLE = "provable by the applicant";

/** An application with something false in it, beside one without. */
const falseApplication =
  (make: (town: Town) => ReturnType<typeof resident>): Lie["run"] =>
  async (world) => {
    const town = await world.town();
    const evidence = await fateOfApplying(town, await make(town));
    const honest = await fateOfApplying(town, await resident(town, OLD));
    return { verdict: evidence === "ok" ? "undetectable" : "refused by all", evidence, honest };
  };

const teller = "the deciding body";
const TWO = "the deciding body and the auditor";

/** Lies about private facts, told to the bodies' own nodes. */
export const privateLies: readonly Lie[] = [
  {
    lie: "A pass is granted to somebody whom the rule refuses",
    teller,
    verdict: "drawn by the auditor",
    evidence: "agrees: false",
    run: falseDecision(BORN.favoured, "granted", YOUNG),
  },
  {
    lie: "A pass is refused to somebody whom the rule grants it",
    teller,
    verdict: "drawn by the auditor",
    evidence: "agrees: false",
    run: falseDecision(BORN.cheated, "refused", OLD),
  },
  {
    lie: "A decision names an older table than the one in force",
    teller,
    verdict: "drawn by the auditor",
    evidence: "agrees: false",
    run: falseDecision(BORN.byOldTable, "granted", OLD),
  },
  {
    lie: "A pass is refused falsely, and the auditor agrees to it",
    teller: TWO,
    verdict: PROVABLE,
    evidence: "rule: grant, told: refuse",
    run: cheatTogether,
  },
  {
    lie: "A pass is granted falsely, and the auditor agrees to it",
    teller: TWO,
    verdict: "undetectable",
    evidence: "agrees: true",
    run: falseDecision(BORN.favouredByAll, "granted", OLD),
  },
  {
    lie: "A date of birth is false where it is issued: the registrar itself makes somebody older",
    teller: "an issuer of facts",
    verdict: "undetectable",
    evidence: "agrees: true",
    // Nothing sets this register's entry apart from a true one: that is what the row says.
    run: falseDecision("1950-07-05", "granted", OLD),
  },
  {
    lie: "A date of birth is stated by a body that is not accredited for it",
    teller: "an issuer of facts",
    verdict: "refused by all",
    evidence: "credentials/issuer-not-trusted",
    run: falseApplication((town) => residentByForger(town, OLD, "severn-travel")),
  },
  {
    lie: "A fact is shown that its issuer has withdrawn",
    teller: "a resident",
    verdict: "refused by all",
    evidence: "credentials/revoked",
    run: falseApplication(async (town) => {
      const who = await resident(town, OLD);
      await withdraw(town, who);
      return who;
    }),
  },
];
