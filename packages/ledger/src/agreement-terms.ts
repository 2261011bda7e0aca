import { area, day, list, name, oneOf, orNull, type RecordShape, record, words } from "./shape.ts";

/** The legal ground on which a flow between bodies stands. spec/messages.md §agreements. */
export type Gateway = "agreement" | "statute" | "processor" | "emergency";

/** What happens to cases opened before an agreement ends. */
export type OnEnd = "finish-open-cases" | "stop";

/** The fields of a published data-sharing agreement, in wire order. Days are days since 1970. */
export interface AgreementTerms {
  readonly name: string;
  readonly purpose: string;
  /** The power relied on, for instance `Transport Act 2000 s.145A(4)`. */
  readonly power: string;
  readonly gateway: Gateway;
  readonly controllers: readonly string[];
  readonly recipients: readonly string[];
  /** What may be disclosed: `service/field`, for instance `bus-pass/pass.status`. */
  readonly disclosed: readonly string[];
  readonly method: string;
  /** How long a recipient may keep it: an ISO 8601 duration, for instance `P1D`. */
  readonly retention: string;
  readonly startDay: number;
  /** The last day on which it holds, or null for no end. */
  readonly endDay: number | null;
  readonly reviewDay: number;
  readonly contact: string;
  readonly areas: readonly string[];
  readonly onEnd: OnEnd;
}

const gateways: readonly Gateway[] = ["agreement", "statute", "processor", "emergency"];
const onEnds: readonly OnEnd[] = ["finish-open-cases", "stop"];

/** The terms of an agreement as they lie in messages and in state. */
export const agreementTerms: RecordShape<AgreementTerms> = record<AgreementTerms>({
  name: words,
  purpose: words,
  power: words,
  gateway: oneOf(gateways),
  controllers: list(name),
  recipients: list(name),
  disclosed: list(name),
  method: words,
  retention: name,
  startDay: day,
  endDay: orNull(day),
  reviewDay: day,
  contact: words,
  areas: list(area),
  onEnd: oneOf(onEnds),
});
