import type { Message } from "@tallystick/ledger";
import { DAY_MS, messages, START_DAY } from "../ledger.ts";
import type { RefusalRow } from "./row.ts";

const publish = (terms: object = {}, id = "second"): Message => {
  const message = messages.hotlist(terms);
  return { ...message, id } as Message;
};
const accept = (id = "hotlist"): Message => ({ type: "agreements/accept", id });
const end = (endDay: number, id = "hotlist"): Message => ({ type: "agreements/end", id, endDay });

export const agreementsRows: readonly RefusalRow[] = [
  {
    code: "agreements/not-controller",
    when: "a recipient publishes",
    run: (ledger) => ledger.submit("buses/act", publish()),
  },
  {
    code: "agreements/not-controller",
    when: "staff of the controller publish",
    run: (ledger) => ledger.submit("olwen", publish()),
  },
  {
    code: "agreements/id-taken",
    when: "the id is another agreement's",
    run: (ledger) => ledger.submit("avon/act", publish({}, "hotlist")),
  },
  {
    code: "agreements/party-unknown",
    when: "a recipient does not take part",
    run: (ledger) => ledger.submit("avon/act", publish({ recipients: ["stranger"] })),
  },
  {
    code: "agreements/party-unknown",
    when: "there is no recipient",
    run: (ledger) => ledger.submit("avon/act", publish({ recipients: [] })),
  },
  {
    code: "agreements/bad-dates",
    when: "it ends before it starts",
    run: (ledger) => ledger.submit("avon/act", publish({ endDay: START_DAY - 11 })),
  },
  {
    code: "agreements/bad-dates",
    when: "it is reviewed before it starts",
    run: (ledger) => ledger.submit("avon/act", publish({ reviewDay: START_DAY - 11 })),
  },
  {
    code: "agreements/bad-retention",
    when: "the retention is not a length of time",
    run: (ledger) => ledger.submit("avon/act", publish({ retention: "forever" })),
  },
  {
    code: "agreements/nothing-disclosed",
    when: "no field is named",
    run: (ledger) => ledger.submit("avon/act", publish({ disclosed: [] })),
  },
  {
    code: "agreements/nothing-disclosed",
    when: "a field has no service",
    run: (ledger) => ledger.submit("avon/act", publish({ disclosed: ["status"] })),
  },
  {
    code: "agreements/unknown",
    when: "nobody published what is accepted",
    run: (ledger) => ledger.submit("buses/act", accept("none")),
  },
  {
    code: "agreements/unknown",
    when: "nobody published what is ended",
    run: (ledger) => ledger.submit("buses/act", end(START_DAY, "none")),
  },
  {
    code: "agreements/not-party",
    when: "a stranger to it accepts",
    run: (ledger) => ledger.submit("severn/act", accept()),
  },
  {
    code: "agreements/not-party",
    when: "a stranger to it ends it",
    run: (ledger) => ledger.submit("severn/act", end(START_DAY)),
  },
  {
    code: "agreements/already-accepted",
    when: "the recipient accepts again",
    run: (ledger) => ledger.submit("buses/act", accept()),
  },
  {
    code: "agreements/already-accepted",
    when: "the publisher accepts",
    run: (ledger) => ledger.submit("avon/act", accept()),
  },
  {
    code: "agreements/over",
    when: "it ended before it was accepted",
    run: (ledger) => {
      ledger.must("avon/act", publish({ endDay: START_DAY }));
      ledger.wait(DAY_MS);
      return ledger.submit("buses/act", accept("second"));
    },
  },
  {
    code: "agreements/end-in-past",
    when: "it would end yesterday",
    run: (ledger) => ledger.submit("avon/act", end(START_DAY - 1)),
  },
  {
    code: "agreements/ends-sooner",
    when: "it has been ended for an earlier day",
    run: (ledger) => {
      ledger.must("avon/act", end(START_DAY + 5));
      return ledger.submit("buses/act", end(START_DAY + 5));
    },
  },
];
