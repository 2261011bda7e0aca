import type { Message } from "@tallystick/ledger";
import { DAY_MS, hashOf, idOf, messages, START_DAY, type TestLedger } from "../ledger.ts";
import type { RefusalRow } from "./row.ts";

const ann = "person:ann";
const opened = (ledger: TestLedger): TestLedger => ledger.must(ann, messages.open());

const discloseWith =
  (changes: object): RefusalRow["run"] =>
  (ledger) =>
    opened(ledger).submit("avon/act", messages.disclose(ledger.nowMs, changes));

/** Another agreement in the place of the one that is live. */
const through =
  (terms: object, id = "hotlist/second"): RefusalRow["run"] =>
  (ledger) => {
    const message = { ...messages.hotlist(terms), id } as Message;
    opened(ledger).must("avon/act", message);
    const isParty =
      message.type === "agreements/publish" && message.terms.recipients[0] === "buses";
    if (isParty) ledger.must("buses/act", { type: "agreements/accept", id });
    return ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement: id }));
  };

const disclosed = (ledger: TestLedger): { ledger: TestLedger; acknowledge: Message } => {
  opened(ledger).must("avon/act", messages.disclose(ledger.nowMs));
  const acknowledge: Message = {
    ...{ type: "services/acknowledge", case: idOf("case"), disclosureId: ledger.lastId },
    messageIndex: 0n,
  };
  return { ledger, acknowledge };
};

export const flowsRows: readonly RefusalRow[] = [
  {
    code: "services/unknown-disclosure",
    when: "the definition names no such disclosure",
    run: discloseWith({ disclosure: "gossip" }),
  },
  {
    code: "services/wrong-role",
    when: "an applicant's key discloses for the body",
    run: (ledger) => opened(ledger).submit(ann, messages.disclose(ledger.nowMs)),
  },
  {
    code: "services/wrong-recipient",
    when: "it goes to a body without the role",
    run: discloseWith({ recipient: "severn" }),
  },
  {
    code: "services/wrong-recipient",
    when: "it goes to somebody who does not take part",
    run: discloseWith({ recipient: "stranger" }),
  },
  {
    code: "services/wrong-recipient",
    when: "what is for the applicant goes to a body",
    run: discloseWith({ disclosure: "notice", agreement: null }),
  },
  {
    code: "services/gateway-not-needed",
    when: "an agreement is named for what goes to the applicant",
    run: discloseWith({ disclosure: "notice", recipient: "applicant" }),
  },
  {
    code: "services/no-live-gateway",
    when: "no agreement is named",
    run: discloseWith({ agreement: null }),
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement does not exist",
    run: discloseWith({ agreement: "hotlist/none" }),
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement is not the one that the definition names",
    run: through({}, "hotlists"),
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement does not cover the field",
    run: through({ disclosed: ["pass/pass.number"] }),
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement has another recipient",
    run: through({ gateway: "statute", recipients: ["severn"] }),
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement has another controller",
    run: (ledger) => {
      const terms = { gateway: "statute", controllers: ["severn"] };
      const id = "hotlist/second";
      opened(ledger).must("severn/act", { ...messages.hotlist(terms), id } as Message);
      return ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement: id }));
    },
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement starts tomorrow",
    run: through({ startDay: START_DAY + 1 }),
  },
  {
    code: "services/no-live-gateway",
    when: "the recipient has not accepted",
    run: (ledger) => {
      const id = "hotlist/second";
      opened(ledger).must("avon/act", { ...messages.hotlist(), id } as Message);
      return ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement: id }));
    },
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement ended yesterday and lets nothing finish",
    run: (ledger) => {
      const id = "hotlist/second";
      opened(ledger)
        .must("avon/act", { ...messages.hotlist({ onEnd: "stop" }), id } as Message)
        .must("buses/act", { type: "agreements/accept", id })
        .must("buses/act", { type: "agreements/end", id, endDay: START_DAY });
      ledger.wait(DAY_MS);
      return ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement: id }));
    },
  },
  {
    code: "services/no-live-gateway",
    when: "an emergency flow was not countersigned within 72 hours",
    run: (ledger) => {
      const id = "hotlist/second";
      opened(ledger).must("avon/act", {
        ...messages.hotlist({ gateway: "emergency" }),
        id,
      } as Message);
      ledger.wait(3n * DAY_MS);
      return ledger.submit("avon/act", messages.disclose(ledger.nowMs, { agreement: id }));
    },
  },
  {
    code: "services/no-live-gateway",
    when: "the agreement ended before the case was opened",
    run: (ledger) => {
      ledger.must("buses/act", { type: "agreements/end", id: "hotlist", endDay: START_DAY });
      ledger.wait(DAY_MS);
      return discloseWith({})(ledger);
    },
  },
  {
    code: "services/bad-acknowledge-by",
    when: "it should be acknowledged at once",
    run: (ledger) =>
      opened(ledger).submit(
        "avon/act",
        messages.disclose(ledger.nowMs, { acknowledgeByMs: ledger.nowMs + 1n }),
      ),
  },
  {
    code: "services/bad-acknowledge-by",
    when: "there is more time than the definition gives",
    run: (ledger) =>
      opened(ledger).submit(
        "avon/act",
        messages.disclose(ledger.nowMs, { acknowledgeByMs: ledger.nowMs + 6n * DAY_MS }),
      ),
  },
  {
    code: "services/disclosure-unknown",
    when: "no transaction disclosed it",
    run: (ledger) => {
      const { acknowledge } = disclosed(ledger);
      return ledger.submit("buses/act", { ...acknowledge, disclosureId: hashOf("x") } as Message);
    },
  },
  {
    code: "services/disclosure-unknown",
    when: "the message's index is out of range",
    run: (ledger) => {
      const { acknowledge } = disclosed(ledger);
      return ledger.submit("buses/act", { ...acknowledge, messageIndex: 256n } as Message);
    },
  },
  {
    code: "services/disclosure-unknown",
    when: "it belongs to another case",
    run: (ledger) => {
      const { acknowledge } = disclosed(ledger);
      return ledger.submit("buses/act", { ...acknowledge, case: idOf("other") } as Message);
    },
  },
  {
    code: "services/not-the-recipient",
    when: "the discloser acknowledges for the recipient",
    run: (ledger) => ledger.submit("avon/act", disclosed(ledger).acknowledge),
  },
  {
    code: "services/not-the-recipient",
    when: "the applicant acknowledges for the recipient",
    run: (ledger) => ledger.submit(ann, disclosed(ledger).acknowledge),
  },
  {
    code: "services/already-acknowledged",
    when: "it is acknowledged twice",
    run: (ledger) => {
      const { acknowledge } = disclosed(ledger);
      return ledger.must("buses/act", acknowledge).submit("buses/act", acknowledge);
    },
  },
];
