import {
  type Action,
  type ActionEnd,
  type PrivateTimer,
  ROLE_KINDS,
  type Role,
  STATE_KINDS,
  type State,
  type Timer,
} from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import type { NamedNode, Reader } from "../source/reader.ts";
import { isName } from "../source/words.ts";

const ROLE_KEYS = {
  required: ["is"],
  optional: ["of", "holds", "never-also", "through", "decides-for", "own-area"],
};

export function readRole(reader: Reader, { name, at, value }: NamedNode): Role {
  const keys = reader.map(value, ROLE_KEYS);
  return {
    name,
    at,
    kind: reader.oneOf(keys.get("is"), ROLE_KINDS),
    of: reader.optionalName(keys.get("of")),
    holds: reader.optionalName(keys.get("holds")),
    neverAlso: reader.names(keys.get("never-also")),
    through: reader.names(keys.get("through")),
    areaFact: reader.paths(keys.get("decides-for"))[0] ?? null,
    ownArea: reader.items(keys.get("own-area")).map((item) => reader.text(item)),
  };
}

export function readState(reader: Reader, { name, at, value }: NamedNode): State {
  return { name, at, kind: reader.oneOf(value, STATE_KINDS) };
}

const ACTION_KEYS = {
  required: ["by", "to"],
  optional: [
    ...["from", "gives", "within", "reviews", "notice", "finding", "clock", "reason", "tags"],
  ],
};

export function readAction(reader: Reader, { name, at, value }: NamedNode): Action {
  const keys = reader.map(value, ACTION_KEYS);
  const within = keys.get("within");
  const reason = keys.get("reason");
  return {
    name,
    at,
    by: reader.names(keys.get("by")),
    from: reader.names(keys.get("from")),
    to: readEnds(reader, keys.node("to")),
    gives: reader.paths(keys.get("gives")),
    within: within === undefined ? null : reader.durationAfter(within),
    reviews: reader.optionalName(keys.get("reviews")),
    notice: reader.optionalName(keys.get("notice")),
    finding: reader.optionalName(keys.get("finding")),
    stopsClock: keys.has("clock") && reader.oneOf(keys.get("clock"), ["stops", "runs"]) === "stops",
    reason: reason === undefined ? null : reader.expression(reason),
    tags: reader.expressions(keys.get("tags"), isName),
  };
}

/** A state, or `{grant: state, refuse: state}`. */
const readEnds = (reader: Reader, node: SourceNode): readonly ActionEnd[] => {
  if (node.kind !== "map") return [{ outcome: null, state: reader.name(node), at: node.at }];
  const keys = reader.map(node, { required: ["grant", "refuse"] });
  return (["grant", "refuse"] as const).map((outcome) => ({
    outcome,
    state: reader.name(keys.get(outcome)),
    at: keys.node(outcome).at,
  }));
};

const TIMER_KEYS = {
  required: ["in"],
  optional: ["after", "on", "alarm", "to", "do", "kept-by"],
};

/**
 * A public timer runs `after` a length of time, a private one `on` a date that its keeper knows.
 */
export function readTimer(reader: Reader, node: SourceNode): Timer | PrivateTimer {
  const keys = reader.map(node, TIMER_KEYS);
  const state = reader.name(keys.get("in"));
  const on = keys.get("on");
  if (on !== undefined) {
    return {
      at: node.at,
      state,
      on: reader.expression(on),
      to: reader.name(keys.node("to")),
      keptBy: reader.optionalName(keys.get("kept-by")),
    };
  }
  const kinds = (["alarm", "to", "do"] as const).filter((kind) => keys.has(kind));
  const kind = kinds[0] ?? "alarm";
  if (kinds.length !== 1) reader.wrong(node, "a timer with one of alarm, to, do");
  if (!keys.has("after")) reader.wrong(node, "a timer with after: or on:");
  return {
    at: node.at,
    state,
    after: reader.duration(keys.get("after")),
    kind,
    target: reader.name(keys.get(kind)),
  };
}
