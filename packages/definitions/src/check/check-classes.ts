import type { Prepared } from "../expression/programs.ts";
import { mayBeShown } from "../expression/types.ts";
import type { Faults } from "../fault.ts";
import type { Position } from "../position.ts";
import type { DataClass, Service } from "../service.ts";
import { type PreparedService, placeOf } from "./prepare.ts";

/**
 * A place on the ledger that an expression would reach, and the word that members-see has for it.
 */
interface Sink {
  readonly at: Position;
  readonly place: string;
  readonly shown: string;
  readonly word: string;
  readonly mend: string;
}

/**
 * Follows classes to the ledger. A personal value may reach it only where `members-see` names the
 * place, with law and reason; special and criminal values never may.
 * Faults: definition/personal-on-ledger, definition/special-on-ledger.
 */
export function checkClasses(service: Service, prepared: PreparedService, faults: Faults): void {
  const seen = new Set(service.membersSee.map((one) => one.name));
  for (const sink of sinksOf(service)) {
    const found: Prepared | undefined = prepared.programs.get(sink.place);
    if (found === undefined || mayBeShown(found.checked.dataClass)) continue;
    const { dataClass } = found.checked;
    if (dataClass === "personal" && seen.has(sink.word)) continue;
    const code =
      dataClass === "personal" ? "definition/personal-on-ledger" : "definition/special-on-ledger";
    faults.add(sink.at, code, whatOf(sink, dataClass, found), mendOf(sink, dataClass));
  }
}

const whatOf = (sink: Sink, dataClass: DataClass, found: Prepared): string =>
  `${sink.shown} would show ${dataClass} data of ${[...found.checked.uses].join(", ")} on the ledger`;

const mendOf = (sink: Sink, dataClass: DataClass): string =>
  dataClass === "personal"
    ? `${sink.mend}, or name ${sink.word} under members-see with law: and why:`
    : `${sink.mend}: ${dataClass} data may never stand there, whatever members-see says`;

function sinksOf(service: Service): readonly Sink[] {
  return [
    ...stateSinks(service),
    ...timerSinks(service),
    ...actionSinks(service),
    ...proofSinks(service),
    ...service.shows.map((show) => ({
      at: show.expression.at,
      place: placeOf.show(show.kind, show.name),
      shown: `the ${show.kind} "${show.name}"`,
      word: show.kind,
      mend: "count something that no fact decides",
    })),
  ];
}

/** The outcome of a decision chooses the state, and the state stands on the ledger. */
const stateSinks = (service: Service): readonly Sink[] => {
  if (!service.actions.some((action) => action.to.some((end) => end.outcome !== null))) return [];
  return service.decide.checks.map((check, at) => ({
    at: check.need.at,
    place: placeOf.check(at),
    shown: "the state that the decision leads to",
    word: "state",
    mend: "decide on what is public",
  }));
};

const timerSinks = (service: Service): readonly Sink[] =>
  service.privateTimers.flatMap((timer, at) =>
    timer.keptBy === null
      ? [
          {
            at: timer.on.at,
            place: placeOf.privateTimer(at),
            shown: `the timer of state "${timer.state}"`,
            word: "timer",
            mend: "add kept-by: with the role whose own node keeps the date",
          },
        ]
      : [],
  );

const actionSinks = (service: Service): readonly Sink[] =>
  service.actions.flatMap((action): Sink[] => {
    const tags = action.tags.map((tag) => ({
      at: tag.expression.at,
      place: placeOf.tag(action.name, tag.name),
      shown: `the tag "${tag.name}" of "${action.name}"`,
      word: "tag",
      mend: "use once:, whose tags are keyed",
    }));
    if (action.reason === null) return tags;
    const reason: Sink = {
      at: action.reason.at,
      place: placeOf.reason(action.name),
      shown: `the reason of "${action.name}"`,
      word: "reason",
      mend: "give the reason in the notice, which only the applicant reads",
    };
    return [reason, ...tags];
  });

/** Which proof was asked for tells what the fact was when the choice depended on it. */
const proofSinks = (service: Service): readonly Sink[] =>
  service.facts.flatMap((fact) =>
    fact.accept.flatMap((proof, at) =>
      proof.when === null
        ? []
        : [
            {
              at: proof.when.at,
              place: placeOf.proof(fact.name, at),
              shown: `asking for "${proof.source}"`,
              word: "proof",
              mend: "accept the same proofs from everybody",
            },
          ],
    ),
  );
