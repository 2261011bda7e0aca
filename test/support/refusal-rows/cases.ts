import type { Message } from "@tallystick/ledger";
import {
  DAY_MS,
  type Fate,
  hashOf,
  hashOfDefinition,
  idOf,
  messages,
  runningLedger,
  type TestLedger,
  testDefinition,
} from "../ledger.ts";
import { ed25519Signer } from "../transactions.ts";
import type { RefusalRow } from "./row.ts";

const ann = "person:ann";
const opened = (ledger: TestLedger): TestLedger => ledger.must(ann, messages.open());
const refused = (ledger: TestLedger, by = "avon/act"): TestLedger =>
  opened(ledger).must(by, messages.decide("refuse"));
const inReview = (ledger: TestLedger, by = "avon/act"): TestLedger =>
  refused(ledger, by).must(ann, messages.act("review"));
const settle = (outcome: string): Message => messages.decide(outcome, { action: "settle" });

/** A definition whose officers can hand a case round for ever. */
const roundabout = testDefinition({
  actions: testDefinition().process.actions.map((action) =>
    action.name === "ask" ? { ...action, from: ["applied", "evidence"] } : action,
  ),
});

const withoutTimers = testDefinition({ timers: [] });

const askByMany = (ledger: TestLedger): Fate => {
  ledger.must(ann, messages.open({ definition: hashOfDefinition(roundabout) }));
  const names = Array.from({ length: 65 }, (_, at) => `clerk-${at}`);
  for (let at = 0; at < names.length; at += 16) {
    const batch: readonly Message[] = names.slice(at, at + 16).map((name) => ({
      ...{ type: "members/add-staff-key", member: "avon", role: "officer", pseudonym: name },
      key: ed25519Signer(name).key,
    }));
    ledger.must("avon/act", batch);
  }
  const last = names.pop() as string;
  for (const name of names) ledger.must(name, messages.act("ask"));
  return ledger.submit(last, messages.act("ask"));
};

export const casesRows: readonly RefusalRow[] = [
  {
    code: "services/case-known",
    when: "the case's id is taken",
    run: (ledger) => opened(ledger).submit("person:ben", messages.open({ tags: [] })),
  },
  {
    code: "services/unknown-action",
    when: "it is opened by no action of the definition",
    run: (ledger) => ledger.submit(ann, messages.open({ action: "beg" })),
  },
  {
    code: "services/unknown-action",
    when: "an action is not in the definition",
    run: (ledger) => opened(ledger).submit(ann, messages.act("beg")),
  },
  {
    code: "services/not-an-opening",
    when: "it is opened by an action inside a case",
    run: (ledger) => ledger.submit(ann, messages.open({ action: "answer" })),
  },
  {
    code: "services/wrong-role",
    when: "the authority itself applies",
    run: (ledger) => ledger.submit("avon/act", messages.open()),
  },
  {
    code: "services/wrong-role",
    when: "staff of the wrong role apply for somebody",
    run: (ledger) => ledger.submit("rhian", messages.open()),
  },
  {
    code: "services/wrong-role",
    when: "a stranger acts as the applicant",
    run: (ledger) => opened(ledger).submit("person:ben", messages.act("stop")),
  },
  {
    code: "services/wrong-role",
    when: "another body decides",
    run: (ledger) => opened(ledger).submit("severn/act", messages.decide("grant")),
  },
  {
    code: "services/wrong-role",
    when: "the applicant decides",
    run: (ledger) => opened(ledger).submit(ann, messages.decide("grant")),
  },
  {
    code: "services/wrong-role",
    when: "a reviewer asks for evidence as an officer",
    run: (ledger) => opened(ledger).submit("rhian", messages.act("ask")),
  },
  {
    code: "services/wrong-role",
    when: "the body's own key does an officer's work",
    run: (ledger) => opened(ledger).submit("avon/act", messages.act("ask")),
  },
  {
    code: "services/wrong-role",
    when: "the authority discloses through a stranger",
    run: (ledger) => opened(ledger).submit("severn/act", messages.disclose(ledger.nowMs)),
  },
  {
    code: "services/tag-missing",
    when: "the applicant gives no tag",
    run: (ledger) => ledger.submit(ann, messages.open({ tags: [] })),
  },
  {
    code: "services/tag-unexpected",
    when: "a tag is given twice",
    run: (ledger) => {
      const tag = { name: "applicant", tag: hashOf("subject") };
      return ledger.submit(ann, messages.open({ tags: [tag, tag] }));
    },
  },
  {
    code: "services/tag-unexpected",
    when: "a tag has another name",
    run: (ledger) => {
      const tag = { name: "applicant", tag: hashOf("subject") };
      const other = { name: "household", tag: hashOf("household") };
      return ledger.submit(ann, messages.open({ tags: [tag, other] }));
    },
  },
  {
    code: "services/already-open",
    when: "the same subject has a case open",
    run: (ledger) => opened(ledger).submit("person:ben", messages.open({ case: idOf("another") })),
  },
  {
    code: "services/already-open",
    when: "a review would grant while a newer case is open",
    run: (ledger) =>
      inReview(ledger)
        .must("person:ben", messages.open({ case: idOf("another") }))
        .submit("rhian", settle("grant")),
  },
  {
    code: "services/case-unknown",
    when: "there is no such case to act in",
    run: (ledger) => ledger.submit(ann, messages.act("stop")),
  },
  {
    code: "services/case-unknown",
    when: "there is no such case to decide",
    run: (ledger) => ledger.submit("avon/act", messages.decide("grant")),
  },
  {
    code: "services/case-unknown",
    when: "there is no such case to disclose",
    run: (ledger) => ledger.submit("avon/act", messages.disclose(ledger.nowMs)),
  },
  {
    code: "services/case-unknown",
    when: "there is no such case to erase",
    run: (ledger) =>
      ledger.submit("avon/act", { type: "services/erase", case: idOf("none"), holder: "avon" }),
  },
  {
    code: "services/wrong-state",
    when: "a state is skipped",
    run: (ledger) => opened(ledger).submit("rhian", settle("grant")),
  },
  {
    code: "services/wrong-state",
    when: "it is decided twice",
    run: (ledger) => refused(ledger).submit("avon/act", messages.decide("grant")),
  },
  {
    code: "services/too-late",
    when: "a review is asked for on the 29th day",
    on: () => runningLedger(withoutTimers),
    run: (ledger) => {
      const hash = hashOfDefinition(withoutTimers);
      ledger.must(ann, messages.open({ definition: hash }));
      ledger.must("avon/act", messages.decide("refuse", { ruleHash: hash }));
      ledger.wait(29n * DAY_MS);
      return ledger.submit(ann, messages.act("review"));
    },
  },
  {
    code: "services/never-also",
    when: "a reviewer was an officer of the case under the same key",
    run: (ledger) => {
      opened(ledger)
        .must("olwen", messages.act("ask"))
        .must(ann, messages.act("answer", { commitment: hashOf("more") }))
        .must("avon/act", messages.decide("refuse"))
        .must(ann, messages.act("review"))
        .must("avon/act", [
          { type: "members/remove-staff-key", member: "avon", keyId: ed25519Signer("olwen").keyId },
          {
            ...{ type: "members/add-staff-key", member: "avon", key: ed25519Signer("olwen").key },
            ...{ role: "reviewer", pseudonym: "olwen" },
          },
        ]);
      return ledger.submit("olwen", settle("grant"));
    },
  },
  {
    code: "services/own-review",
    when: "whoever decided settles the review",
    run: (ledger) => inReview(ledger, "olwen").submit("olwen", settle("grant")),
  },
  {
    code: "services/too-many-signers",
    when: "the sixty-fifth officer acts",
    on: () => runningLedger(roundabout),
    run: askByMany,
  },
  {
    code: "services/is-a-decision",
    when: "a decision is sent as a plain action",
    run: (ledger) => opened(ledger).submit("avon/act", messages.act("decide")),
  },
  {
    code: "services/commitment-missing",
    when: "facts are given without a commitment",
    run: (ledger) =>
      opened(ledger).must("olwen", messages.act("ask")).submit(ann, messages.act("answer")),
  },
  {
    code: "services/not-a-decision",
    when: "a plain action is sent as a decision",
    run: (ledger) => opened(ledger).submit("olwen", messages.decide("grant", { action: "ask" })),
  },
  {
    code: "services/wrong-rule",
    when: "the decision names another rule",
    run: (ledger) =>
      opened(ledger).submit("avon/act", messages.decide("grant", { ruleHash: hashOf("other") })),
  },
  {
    code: "services/unknown-outcome",
    when: "the outcome is not in the definition",
    run: (ledger) => opened(ledger).submit("avon/act", messages.decide("shrug")),
  },
  {
    code: "services/one-decision",
    when: "two cases are decided in one transaction",
    run: (ledger) =>
      opened(ledger)
        .must("person:ben", [
          messages.open({
            case: idOf("another"),
            tags: [{ name: "applicant", tag: hashOf("ben") }],
          }),
        ])
        .submit("avon/act", [
          messages.decide("grant"),
          messages.decide("grant", { case: idOf("another") }),
        ]),
  },
  {
    code: "services/already-erased",
    when: "it is erased twice by one body",
    run: (ledger) => {
      const erase: Message = { type: "services/erase", case: idOf("case"), holder: "avon" };
      return opened(ledger).must("avon/act", erase).submit("avon/act", erase);
    },
  },
  {
    code: "members/not-the-member",
    when: "one body erases for another",
    run: (ledger) =>
      opened(ledger).submit("severn/act", {
        ...{ type: "services/erase", case: idOf("case"), holder: "avon" },
      }),
  },
];
