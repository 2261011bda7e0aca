import {
  type Cbor,
  type CborInput,
  type Definition,
  decode,
  decodeDefinition,
  encode,
  encodeDefinition,
  type Process,
} from "@tallystick/ledger";
import { COMPILED } from "../position.ts";
import type { Action, ActionEnd, Service, Timer } from "../service.ts";
import { type Rules, rulesShape } from "./rules.ts";

/** The version of the rules' shape: the first of the two items of `rules`. */
const RULES_VERSION = 1n;

/** The canonical bytes of a service: what is published, hashed and pinned by each case. */
export function encodeService(service: Service): Uint8Array {
  const rules: CborInput = [RULES_VERSION, rulesShape.encode(rulesOf(service))];
  return encodeDefinition({
    service: service.service,
    version: service.version,
    lgsl: BigInt(service.lgsl),
    process: processOf(service),
    rules: plain(rules),
  });
}

/** Numbers become the bigints that a decoder would give. */
const plain = (value: CborInput): Cbor => {
  const decoded = decode(encode(value));
  if (!decoded.ok) throw new RangeError(`the rules cannot be encoded: ${decoded.code}`);
  return decoded.value;
};

/**
 * The service in canonical bytes, or null when they are not exactly one. Nothing is checked yet.
 */
export function decodeService(bytes: Uint8Array): Service | null {
  const definition = decodeDefinition(bytes);
  if (definition === null || !Array.isArray(definition.rules)) return null;
  const [version, body, ...more] = definition.rules as readonly Cbor[];
  if (version !== RULES_VERSION || body === undefined || more.length > 0) return null;
  const rules = rulesShape.decode(body);
  if (rules === undefined || !sameLengths(definition.process, rules)) return null;
  return serviceOf(definition, rules);
}

const sameLengths = (process: Process, rules: Rules): boolean =>
  process.actions.length === rules.actions.length &&
  process.roles.length === rules.roles.length &&
  process.disclosures.length === rules.disclosures.length &&
  process.membersSee.join() === rules.membersSee.map((one) => one.name).join();

const LEDGER_TIMERS = { alarm: "alarm", to: "go-to", do: "do" } as const;

/** What every member checks: spec/definition.md. */
function processOf(service: Service): Process {
  return {
    roles: service.roles.map(({ name, kind, of, holds, neverAlso }) => ({
      ...{ name, kind, of, holds, neverAlso },
    })),
    states: service.states.map(({ name, kind }) => ({ name, kind })),
    actions: service.actions.map(({ name, by, from, to, gives, within, reviews }) => ({
      ...{ name, by, from, gives, reviews },
      to: toLedger(to),
      within: within === null ? null : { duration: within.duration, trigger: within.after },
    })),
    timers: service.timers.map(({ state, after, kind, target }) => ({
      ...{ state, after, target },
      kind: LEDGER_TIMERS[kind],
    })),
    disclosures: service.disclosures.map(
      ({ name, from, to, what, gateway, acknowledgeWithin }) => ({
        ...{ name, from, to, what, gateway, acknowledgeWithin },
      }),
    ),
    membersSee: service.membersSee.map((one) => one.name),
    decision: {
      automated: service.automated,
      humanReview: service.humanReview,
      once: service.once === null ? null : { roles: service.once.per, states: service.once.states },
    },
  };
}

const toLedger = (ends: readonly ActionEnd[]): Process["actions"][number]["to"] => {
  const [only] = ends;
  if (only !== undefined && only.outcome === null) return only.state;
  return ends.map((end) => ({ outcome: end.outcome ?? "", to: end.state }));
};

const rulesOf = (service: Service): Rules => ({
  ...service,
  actions: service.actions,
  roles: service.roles,
  disclosures: service.disclosures,
});

function serviceOf({ service, version, lgsl, process }: Definition, rules: Rules): Service {
  const { decision } = process;
  return {
    ...rules,
    at: COMPILED,
    service,
    version,
    lgsl: Number(lgsl),
    automated: decision.automated,
    humanReview: decision.humanReview,
    once:
      decision.once === null
        ? null
        : { at: COMPILED, per: decision.once.roles, states: decision.once.states },
    roles: process.roles.flatMap((role, at) => {
      const more = rules.roles[at];
      return more === undefined ? [] : [{ ...role, ...more, at: COMPILED }];
    }),
    states: process.states.map((state) => ({ ...state, at: COMPILED })),
    actions: process.actions.flatMap((action, at) => actionOf(action, rules.actions[at])),
    timers: process.timers.map((timer) => ({ ...timer, kind: KINDS[timer.kind], at: COMPILED })),
    disclosures: process.disclosures.flatMap((disclosure, at) => {
      const more = rules.disclosures[at];
      return more === undefined ? [] : [{ ...disclosure, ...more, at: COMPILED }];
    }),
  };
}

const KINDS: Readonly<Record<Process["timers"][number]["kind"], Timer["kind"]>> = {
  alarm: "alarm",
  "go-to": "to",
  do: "do",
};

const actionOf = (
  { name, by, from, to, gives, within, reviews }: Process["actions"][number],
  more: Rules["actions"][number] | undefined,
): readonly Action[] => {
  if (more === undefined) return [];
  const ends: readonly ActionEnd[] =
    typeof to === "string"
      ? [{ outcome: null, state: to, at: COMPILED }]
      : to.map((end) => ({ outcome: end.outcome, state: end.to, at: COMPILED }));
  const limit =
    within === null ? null : { duration: within.duration, after: within.trigger, at: COMPILED };
  return [{ name, by, from, to: ends, gives, within: limit, reviews, ...more, at: COMPILED }];
};
