import type { Sha256 } from "@tallystick/log";
import { concat, encodeUtf8 } from "@tallystick/log";
import { type Cbor, type CborInput, decode, encode } from "./cbor.ts";
import {
  flag,
  list,
  name,
  natural,
  oneOf,
  orNull,
  record,
  type Shape,
  wordOf,
  words,
} from "./shape.ts";

export type RoleKind = "person" | "organisation" | "member" | "staff" | "device";
export type StateKind = "waiting" | "live" | "end";

export interface DefinitionRole {
  readonly name: string;
  readonly kind: RoleKind;
  /** For staff: the member role whose staff they are. */
  readonly of: string | null;
  /** For a member: the role it must hold on the ledger. */
  readonly holds: string | null;
  readonly neverAlso: readonly string[];
}
export interface DefinitionState {
  readonly name: string;
  readonly kind: StateKind;
}
export interface DefinitionOutcome {
  readonly outcome: string;
  readonly to: string;
}
export interface ActionDeadline {
  /** ISO 8601 or `10 working-days`. */
  readonly duration: string;
  /** What it runs from: an action, a state, `served ACTION` or `opened`. */
  readonly trigger: string;
}
export interface DefinitionAction {
  readonly name: string;
  readonly by: readonly string[];
  /** States it may be taken in; none when it opens a case. */
  readonly from: readonly string[];
  /** One state, or, for a decision, a state for each outcome. */
  readonly to: string | readonly DefinitionOutcome[];
  /** Facts that it commits to. */
  readonly gives: readonly string[];
  readonly within: ActionDeadline | null;
  /** The action it reviews: its signer must be somebody else. */
  readonly reviews: string | null;
}
export type TimerKind = "alarm" | "go-to" | "do";
export interface DefinitionTimer {
  readonly state: string;
  readonly after: string;
  readonly kind: TimerKind;
  /** The role alarmed, the state entered or the action done. */
  readonly target: string;
}
export interface DefinitionDisclosure {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly what: readonly string[];
  /** The agreement it needs; an agreement's id is this, or this and `/…`. */
  readonly gateway: string | null;
  readonly acknowledgeWithin: string;
}
/** A case may be alone of its kind while it is in these states. */
export interface OnceRule {
  readonly roles: readonly string[];
  readonly states: readonly string[];
}
export interface DecisionTerms {
  readonly automated: boolean;
  readonly humanReview: string | null;
  readonly once: OnceRule | null;
}
export interface Process {
  readonly roles: readonly DefinitionRole[];
  readonly states: readonly DefinitionState[];
  readonly actions: readonly DefinitionAction[];
  readonly timers: readonly DefinitionTimer[];
  readonly disclosures: readonly DefinitionDisclosure[];
  readonly membersSee: readonly string[];
  readonly decision: DecisionTerms;
}
/** A service definition as the ledger reads it. The rules are opaque here. spec/definition.md. */
export interface Definition {
  readonly service: string;
  readonly version: string;
  readonly lgsl: bigint;
  readonly process: Process;
  readonly rules: Cbor;
}

const roleKinds: readonly RoleKind[] = ["person", "organisation", "member", "staff", "device"];
const stateKinds: readonly StateKind[] = ["waiting", "live", "end"];
const timerKinds: readonly TimerKind[] = ["alarm", "go-to", "do"];

const outcomes: Shape<readonly DefinitionOutcome[]> = list(
  record<DefinitionOutcome>({ outcome: name, to: name }),
);
const actionTo: Shape<string | readonly DefinitionOutcome[]> = {
  encode: (to) => (typeof to === "string" ? to : outcomes.encode(to)),
  decode: (cbor) => (typeof cbor === "string" ? name.decode(cbor) : outcomes.decode(cbor)),
};

interface ActionOptions {
  readonly within: ActionDeadline | null;
  readonly reviews: string | null;
}
const actionOptions = record<ActionOptions>({
  within: orNull(record<ActionDeadline>({ duration: words, trigger: words })),
  reviews: orNull(name),
});
type PlainAction = Omit<DefinitionAction, "within" | "reviews"> & { readonly opts: ActionOptions };
const plainAction = record<PlainAction>({
  name,
  by: list(name),
  from: list(name),
  to: actionTo,
  gives: list(name),
  opts: actionOptions,
});
const action: Shape<DefinitionAction> = {
  encode: (value) =>
    plainAction.encode({ ...value, opts: { within: value.within, reviews: value.reviews } }),
  decode: (cbor) => {
    const plain = plainAction.decode(cbor);
    if (plain === undefined) return undefined;
    const { opts, ...rest } = plain;
    return { ...rest, ...opts };
  },
};

const processShape: Shape<Process> = record<Process>({
  roles: list(
    record<DefinitionRole>({
      name,
      kind: wordOf(roleKinds),
      of: orNull(name),
      holds: orNull(name),
      neverAlso: list(name),
    }),
  ),
  states: list(record<DefinitionState>({ name, kind: wordOf(stateKinds) })),
  actions: list(action),
  timers: list(
    record<DefinitionTimer>({ state: name, after: words, kind: oneOf(timerKinds), target: name }),
  ),
  disclosures: list(
    record<DefinitionDisclosure>({
      name,
      from: name,
      to: name,
      what: list(name),
      gateway: orNull(name),
      acknowledgeWithin: words,
    }),
  ),
  membersSee: list(name),
  decision: record<DecisionTerms>({
    automated: flag,
    humanReview: orNull(name),
    once: orNull(record<OnceRule>({ roles: list(name), states: list(name) })),
  }),
});

const PROTOCOL = 1n;
const DEFINITION_DOMAIN = "tallystick/definition/v1";

const opaque: Shape<Cbor> = { encode: (value) => value as CborInput, decode: (cbor) => cbor };
const wire = record<Definition & { readonly protocol: bigint }>({
  protocol: natural,
  service: name,
  version: name,
  lgsl: natural,
  process: processShape,
  rules: opaque,
});

/** The compiled form as bytes: CBOR [1, service, version, lgsl, process, rules]. */
export const encodeDefinition = (definition: Definition): Uint8Array =>
  encode(wire.encode({ protocol: PROTOCOL, ...definition }));

/** The definition in its bytes, or null when they are not exactly one. */
export const decodeDefinition = (bytes: Uint8Array): Definition | null => {
  const cbor = decode(bytes);
  const value = cbor.ok ? wire.decode(cbor.value) : undefined;
  if (value === undefined || value.protocol !== PROTOCOL) return null;
  const { protocol: _, ...definition } = value;
  return definition;
};

/** SHA-256 of the domain prefix and the compiled form: what adoptions, cases and decisions pin. */
export const definitionHash = (sha: Sha256, bytes: Uint8Array): Uint8Array =>
  sha.one(concat(encodeUtf8(DEFINITION_DOMAIN), bytes));
