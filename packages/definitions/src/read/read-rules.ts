import type { Check, DecisionRule, NamedExpression, Show, Way, Working } from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import type { NamedNode, Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";

/** A working: an expression, a look-up `{table, with}`, or one of these for each jurisdiction. */
export function readWorking(
  reader: Reader,
  { name, at, value }: NamedNode,
  jurisdictions: readonly string[],
): Working {
  const first = value.kind === "map" ? [...value.entries.keys()] : [];
  const isDivided = first.length > 0 && first.every((key) => jurisdictions.includes(key));
  if (!isDivided) return { name, at, ways: [{ jurisdiction: null, way: readWay(reader, value) }] };
  const keys = reader.map(value, { required: jurisdictions });
  const ways = jurisdictions.map((jurisdiction) => ({
    jurisdiction,
    way: readWay(reader, keys.node(jurisdiction)),
  }));
  return { name, at, ways };
}

const readWay = (reader: Reader, node: SourceNode): Way => {
  if (node.kind !== "map") return { kind: "expression", expression: reader.expression(node) };
  const keys = reader.map(node, { required: ["table", "with"] });
  return {
    kind: "table",
    table: reader.name(keys.get("table")),
    keys: reader.expressions(keys.get("with"), isFactName),
  };
};

export function readDecide(reader: Reader, node: SourceNode): DecisionRule {
  const keys = reader.map(node, { required: ["as-at", "checks"], optional: ["grant"] });
  const grant: readonly NamedExpression[] = reader.expressions(keys.get("grant"), isFactName);
  return {
    at: node.at,
    asAt: reader.name(keys.get("as-at")),
    checks: reader.items(keys.get("checks")).map((item) => readCheck(reader, item)),
    grant,
  };
}

const readCheck = (reader: Reader, node: SourceNode): Check => {
  const keys = reader.map(node, { required: ["need", "else"], optional: ["tell"] });
  return {
    at: node.at,
    need: reader.expression(keys.node("need")),
    otherwise: reader.name(keys.get("else")),
    tell: reader.paths(keys.get("tell")),
  };
};

/** `posting`, `queue` or `kpi` entries: a name and what is counted or posted. */
export function readShow(kind: Show["kind"]): (reader: Reader, entry: NamedNode) => Show {
  return (reader, { name, at, value }) => ({
    kind,
    name,
    at,
    expression: reader.expression(value),
  });
}
