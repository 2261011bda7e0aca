import type { Message } from "@tallystick/ledger";
import {
  hashOf,
  messages,
  runningLedger,
  type TestLedger,
  testDefinition,
  testGenesis,
} from "../ledger.ts";
import type { RefusalRow } from "./row.ts";

const opened = (ledger: TestLedger): TestLedger => ledger.must("person:ann", messages.open());

const decided = (ledger: TestLedger): Uint8Array =>
  opened(ledger).must("avon/act", messages.decide("grant")).lastId;

const draw = (ledger: TestLedger, act: Uint8Array, changes: object = {}): Message => ({
  type: "services/draw",
  act,
  checkpoint: ledger.checkpoint(["auditor", "buses", "avon"]),
  cosigner: "auditor/executor",
  ...changes,
});
const drawn = (ledger: TestLedger): Uint8Array => {
  const act = decided(ledger);
  ledger.must("auditor/act", draw(ledger, act));
  return act;
};
const open = (act: Uint8Array, changes: object = {}): Message => ({
  ...{ type: "services/open-to-auditor", act, auditor: "auditor", envelope: hashOf("openings") },
  ...changes,
});
const finding = (act: Uint8Array): Message => ({
  ...{ type: "services/finding", act, agrees: true, findings: hashOf("findings") },
});

const drawWith =
  (change: (ledger: TestLedger) => object, by = "auditor/act"): RefusalRow["run"] =>
  (ledger) => {
    const act = decided(ledger);
    return ledger.submit(by, draw(ledger, act, change(ledger)));
  };

export const drawsRows: readonly RefusalRow[] = [
  {
    code: "services/act-unknown",
    when: "what is drawn is no decision",
    run: (ledger) => {
      decided(ledger);
      return ledger.submit("auditor/act", draw(ledger, hashOf("none")));
    },
  },
  {
    code: "services/act-unknown",
    when: "what is opened is no decision",
    run: (ledger) => ledger.submit("avon/act", open(hashOf("none"))),
  },
  {
    code: "services/not-a-body",
    when: "staff draw",
    run: drawWith(() => ({}), "olwen"),
  },
  {
    code: "services/own-act",
    when: "the deciding body draws",
    run: drawWith(() => ({ cosigner: "avon/executor" }), "avon/act"),
  },
  {
    code: "services/already-drawn",
    when: "another body has drawn it",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.submit("buses/act", draw(ledger, act, { cosigner: "buses/executor" }));
    },
  },
  {
    code: "services/checkpoint-malformed",
    when: "the text is no note",
    run: drawWith(() => ({ checkpoint: "size 3" })),
  },
  {
    code: "services/checkpoint-foreign",
    when: "the checkpoint has another origin",
    run: drawWith((ledger) => ({
      checkpoint: ledger.checkpoint(["auditor"], { checkpoint: { origin: "other.example/1" } }),
    })),
  },
  {
    code: "services/checkpoint-foreign",
    when: "the checkpoint is larger than the log",
    run: drawWith((ledger) => ({
      checkpoint: ledger.checkpoint(["auditor"], { checkpoint: { size: ledger.tree.size + 1 } }),
    })),
  },
  {
    code: "services/checkpoint-unsigned",
    when: "the log's own line is missing",
    run: drawWith((ledger) => ({
      checkpoint: ledger.checkpoint(["auditor"], { withoutLog: true }),
    })),
  },
  {
    code: "services/checkpoint-too-early",
    when: "the checkpoint does not hold the decision",
    run: drawWith((ledger) => ({
      checkpoint: ledger.checkpoint(["auditor"], { checkpoint: { size: ledger.tree.size - 2 } }),
    })),
  },
  {
    code: "services/bad-cosignature",
    when: "the cosigner is another body's",
    run: drawWith(() => ({ cosigner: "buses/executor" })),
  },
  {
    code: "services/bad-cosignature",
    when: "the body's line is missing",
    run: drawWith((ledger) => ({ checkpoint: ledger.checkpoint(["buses"]) })),
  },
  {
    code: "services/bad-cosignature",
    when: "the signature is for another time",
    run: drawWith((ledger) => ({
      checkpoint: ledger.checkpoint(["auditor"], { signedSeconds: 2 }),
    })),
  },
  {
    code: "services/not-drawn",
    when: "the lot falls on others",
    on: () => runningLedger(testDefinition(), testGenesis({ drawOneIn: 1_000_000_007n })),
    run: drawWith(() => ({})),
  },
  {
    code: "services/act-not-drawn",
    when: "it is opened without having been drawn",
    run: (ledger) => {
      const act = decided(ledger);
      return ledger.submit("avon/act", open(act));
    },
  },
  {
    code: "services/act-not-drawn",
    when: "there is a finding without a draw",
    run: (ledger) => {
      const act = decided(ledger);
      return ledger.submit("auditor/act", finding(act));
    },
  },
  {
    code: "members/not-the-member",
    when: "another body than the deciding one opens it",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.submit("severn/act", open(act));
    },
  },
  {
    code: "services/already-opened",
    when: "it is opened twice",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.must("avon/act", open(act)).submit("avon/act", open(act));
    },
  },
  {
    code: "services/not-an-auditor",
    when: "it is opened to a body without the role",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.submit("avon/act", open(act, { auditor: "severn" }));
    },
  },
  {
    code: "services/not-an-auditor",
    when: "the deciding body is its own auditor",
    on: () => {
      const genesis = testGenesis();
      const members = genesis.members.map((member) =>
        member.id === "avon" ? { ...member, roles: [...member.roles, "auditor"] } : member,
      );
      return runningLedger(testDefinition(), { ...genesis, members });
    },
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.submit("avon/act", open(act, { auditor: "avon" }));
    },
  },
  {
    code: "services/act-not-opened",
    when: "there is a finding before it was opened",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.submit("auditor/act", finding(act));
    },
  },
  {
    code: "members/not-the-member",
    when: "another body finds",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger.must("avon/act", open(act)).submit("buses/act", finding(act));
    },
  },
  {
    code: "services/already-found",
    when: "there is a second finding",
    run: (ledger) => {
      const act = drawn(ledger);
      return ledger
        .must("avon/act", open(act))
        .must("auditor/act", finding(act))
        .submit("auditor/act", finding(act));
    },
  },
];
