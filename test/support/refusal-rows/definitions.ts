import { type Definition, encodeDefinition, type Message } from "@tallystick/ledger";
import { hashOf, hashOfDefinition, messages, START_DAY, testDefinition } from "../ledger.ts";
import type { RefusalRow } from "./row.ts";

const second = testDefinition({}, "2");
const publish = (definition: Definition): Message => ({
  type: "services/publish",
  definition: encodeDefinition(definition),
});
const vote = (definition: Definition): Message => ({
  type: "services/vote",
  definition: hashOfDefinition(definition),
});

type Process = Definition["process"];
const { process: whole } = testDefinition();

const changed = <K extends "roles" | "actions" | "timers" | "disclosures">(
  list: K,
  name: string,
  changes: Partial<Process[K][number]>,
): Partial<Process> => ({
  [list]: whole[list].map((item) => {
    const isIt = "name" in item ? item.name === name : item.state === name;
    return isIt ? { ...item, ...changes } : item;
  }),
});

/** Each breaks one thing that the ledger needs to know what to do. */
const unsound: readonly (readonly [when: string, changes: Partial<Process>])[] = [
  ["a state is declared twice", { states: [...whole.states, { name: "ended", kind: "end" }] }],
  ["no body decides", { roles: whole.roles.slice(0, 1), disclosures: [], timers: [] }],
  ["staff are of nobody", changed("roles", "officer", { of: null })],
  ["staff are of a person", changed("roles", "officer", { of: "applicant" })],
  ["a person is of a body", changed("roles", "applicant", { of: "authority" })],
  ["never-also names no role", changed("roles", "reviewer", { neverAlso: ["nobody"] })],
  ["nothing opens a case", { actions: whole.actions.slice(1) }],
  ["an action is for nobody", changed("actions", "ask", { by: [] })],
  ["an action is for an unknown role", changed("actions", "ask", { by: ["nobody"] })],
  ["an action is from an unknown state", changed("actions", "ask", { from: ["limbo"] })],
  ["an action leads to an unknown state", changed("actions", "ask", { to: "limbo" })],
  ["a decision has no outcome", changed("actions", "decide", { to: [] })],
  [
    "an outcome stands twice",
    changed("actions", "decide", {
      to: [
        { outcome: "grant", to: "issued" },
        { outcome: "grant", to: "refused" },
      ],
    }),
  ],
  [
    "a decision opens a case",
    changed("actions", "apply", { to: [{ outcome: "grant", to: "issued" }] }),
  ],
  [
    "a deadline cannot be read",
    changed("actions", "review", { within: { duration: "soon", trigger: "decide" } }),
  ],
  [
    "a deadline runs from nothing",
    changed("actions", "review", { within: { duration: "P1D", trigger: "full moon" } }),
  ],
  ["a review is of nothing", changed("actions", "settle", { reviews: "guess" })],
  ["a timer is in no state", changed("timers", "applied", { state: "limbo" })],
  ["a timer cannot be read", changed("timers", "applied", { after: "soon" })],
  ["a timer alarms nobody", changed("timers", "applied", { target: "nobody" })],
  ["a timer leads nowhere", changed("timers", "refused", { target: "limbo" })],
  ["a timer decides", changed("timers", "evidence", { target: "decide" })],
  ["a timer does what the state does not allow", changed("timers", "evidence", { target: "ask" })],
  ["a disclosure is by nobody", changed("disclosures", "hotlist", { from: "nobody" })],
  ["a disclosure is to nobody", changed("disclosures", "hotlist", { to: "nobody" })],
  ["a disclosure is of nothing", changed("disclosures", "hotlist", { what: [] })],
  ["a flow between bodies has no gateway", changed("disclosures", "hotlist", { gateway: null })],
  ["an acknowledgement has no time", changed("disclosures", "hotlist", { acknowledgeWithin: "-" })],
  ["the human review is no action", { decision: { ...whole.decision, humanReview: "prayer" } }],
  [
    "once is per an unknown role",
    { decision: { ...whole.decision, once: { roles: ["nobody"], states: [] } } },
  ],
  [
    "once is while in an unknown state",
    { decision: { ...whole.decision, once: { roles: [], states: ["limbo"] } } },
  ],
];

export const definitionsRows: readonly RefusalRow[] = [
  {
    code: "services/not-a-body",
    when: "staff publish a definition",
    run: (ledger) => ledger.submit("olwen", publish(second)),
  },
  {
    code: "services/not-a-body",
    when: "a resident votes",
    run: (ledger) => ledger.submit("person:ann", vote(second)),
  },
  {
    code: "services/definition-malformed",
    when: "the bytes are no definition",
    run: (ledger) =>
      ledger.submit("avon/act", {
        type: "services/publish",
        definition: new Uint8Array([0x80]),
      }),
  },
  ...unsound.map(([when, changes]) => ({
    code: "services/definition-unsound",
    when,
    run: (ledger: Parameters<RefusalRow["run"]>[0]) =>
      ledger.submit("avon/act", publish(testDefinition(changes, "2"))),
  })),
  {
    code: "services/definition-known",
    when: "it is published again",
    run: (ledger) => ledger.submit("severn/act", publish(testDefinition())),
  },
  {
    code: "services/definition-unknown",
    when: "nobody proposed what is voted for",
    run: (ledger) => ledger.submit("avon/act", vote(second)),
  },
  {
    code: "services/definition-unknown",
    when: "nobody proposed what is adopted",
    run: (ledger) => ledger.submit("avon/act", messages.adopt(second)),
  },
  {
    code: "services/definition-unknown",
    when: "nobody proposed what a case is opened under",
    run: (ledger) => ledger.submit("person:ann", messages.open({ definition: hashOf("none") })),
  },
  {
    code: "services/already-voted",
    when: "the publisher votes as well",
    run: (ledger) => ledger.must("avon/act", publish(second)).submit("avon/act", vote(second)),
  },
  {
    code: "services/already-voted",
    when: "a body votes twice",
    run: (ledger) => ledger.submit("severn/act", vote(testDefinition())),
  },
  {
    code: "members/not-the-member",
    when: "a body adopts for another",
    run: (ledger) =>
      ledger.submit("avon/act", messages.adopt(testDefinition(), { member: "severn" })),
  },
  {
    code: "services/definition-not-published",
    when: "it is adopted with one vote of two",
    run: (ledger) =>
      ledger.must("avon/act", publish(second)).submit("avon/act", messages.adopt(second)),
  },
  {
    code: "services/definition-not-published",
    when: "a case is opened under one vote of two",
    run: (ledger) =>
      ledger
        .must("avon/act", publish(second))
        .submit("person:ann", messages.open({ definition: hashOfDefinition(second) })),
  },
  {
    code: "services/role-not-held",
    when: "a bus operator would decide",
    run: (ledger) =>
      ledger.submit("buses/act", messages.adopt(testDefinition(), { member: "buses" })),
  },
  {
    code: "services/area-not-held",
    when: "a body adopts for a neighbour's area",
    run: (ledger) =>
      ledger.submit("severn/act", messages.adopt(testDefinition(), { member: "severn" })),
  },
  {
    code: "services/area-not-held",
    when: "a body adopts for no area",
    run: (ledger) =>
      ledger.submit(
        "severn/act",
        messages.adopt(testDefinition(), { member: "severn", areas: [] }),
      ),
  },
  {
    code: "services/already-adopted",
    when: "it is adopted again",
    run: (ledger) => ledger.submit("avon/act", messages.adopt(testDefinition())),
  },
  {
    code: "services/not-adopted",
    when: "the authority does not run the service",
    run: (ledger) => ledger.submit("person:ann", messages.open({ authority: "severn" })),
  },
  {
    code: "services/not-in-force",
    when: "the authority will run it from tomorrow",
    run: (ledger) =>
      ledger
        .must(
          "severn/act",
          messages.adopt(testDefinition(), {
            ...{ member: "severn", areas: ["E06000025"], inForceFromDay: START_DAY + 1 },
          }),
        )
        .submit("person:ann", messages.open({ authority: "severn" }), {
          place: { kind: "area", code: "E06000025" },
        }),
  },
  {
    code: "services/superseded",
    when: "the authority runs it by a newer definition since today",
    run: (ledger) =>
      ledger
        .must("avon/act", publish(second))
        .must("severn/act", vote(second))
        .must("avon/act", messages.adopt(second, { inForceFromDay: START_DAY }))
        .submit("person:ann", messages.open()),
  },
  {
    code: "services/area-not-covered",
    when: "the resident is in an area that the authority has not adopted it for",
    run: (ledger) =>
      ledger.submit("person:ann", messages.open(), {
        place: { kind: "area", code: "E07000080" },
      }),
  },
];
