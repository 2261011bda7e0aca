import type { SourceFile } from "../compiled.ts";
import type { Position } from "../position.ts";
import type { Cell, Field, RowKey, Table, TableKey, TableRow } from "../service.ts";
import type { SourceNode } from "../source/node.ts";
import { readCsv } from "../source/read-csv.ts";
import type { Keys, NamedNode, Reader } from "../source/reader.ts";
import { isFactName } from "../source/words.ts";
import { readScalarType } from "./read-type.ts";

const TABLE_KEYS = {
  required: ["table", "version", "source", "effective-from", "keys", "columns", "value", "rows"],
  optional: ["also-before", "until"],
};

/** One table file; `rows` are listed in it, or name a CSV file that lies beside it. */
export function readTable(reader: Reader, node: SourceNode, files: readonly SourceFile[]): Table {
  const keys = reader.map(node, TABLE_KEYS);
  const shape: RowShape = {
    keys: reader.entries(keys.get("keys"), isFactName).map((entry) => readKey(reader, entry)),
    columns: reader
      .entries(keys.get("columns"), isFactName)
      .map(({ name, value }) => ({ name, type: readScalarType(reader, value) })),
  };
  return {
    at: node.at,
    name: reader.name(keys.get("table")),
    version: reader.version(keys.get("version")),
    source: reader.text(keys.get("source")),
    effectiveFrom: reader.day(keys.get("effective-from")),
    alsoBefore: reader.optionalText(keys.get("also-before")),
    until: reader.optionalDay(keys.get("until")),
    ...shape,
    value: reader.expression(keys.node("value")),
    rows: readRows(reader, keys, shape, files),
  };
}

interface RowShape {
  readonly keys: readonly TableKey[];
  readonly columns: readonly Field[];
}

const readKey = (reader: Reader, { name, at, value }: NamedNode): TableKey => {
  if (value.kind === "map" && value.entries.has("one-of")) {
    const keys = reader.map(value, { required: ["one-of"] });
    return { kind: "choice", name, at, words: reader.names(keys.get("one-of")) };
  }
  const keys = reader.map(value, { required: ["from", "to"] });
  const [from, to] = [reader.text(keys.get("from")), reader.text(keys.get("to"))];
  return { kind: "range", name, at, from, to };
};

/** The cells of a row by column; what a CSV file holds is put in the same form. */
type CellText = (column: string) => { readonly at: Position; readonly node: SourceNode } | null;

function readRows(
  reader: Reader,
  keys: Keys,
  shape: RowShape,
  files: readonly SourceFile[],
): readonly TableRow[] {
  const rows = keys.node("rows");
  if (rows.kind === "text") return readCsvRows(reader, rows, shape, files);
  const optional = columnNames(shape);
  return reader.items(rows).map((row) => {
    const cells = reader.map(row, { required: [], optional });
    return readRow(reader, row.at, shape, (column) => {
      const node = cells.get(column);
      return node === undefined ? null : { at: node.at, node };
    });
  });
}

const columnNames = (shape: RowShape): readonly string[] => [
  ...shape.keys.flatMap((key) => (key.kind === "choice" ? [key.name] : [key.from, key.to])),
  ...shape.columns.map((column) => column.name),
];

function readCsvRows(
  reader: Reader,
  name: SourceNode & { readonly kind: "text" },
  shape: RowShape,
  files: readonly SourceFile[],
): readonly TableRow[] {
  const file = files.find((one) => one.path === `tables/${name.value}`);
  if (file === undefined) {
    const what = `tables/${name.value} is not there`;
    reader.faults.add(name.at, "definition/file-missing", what, "put the CSV beside this file");
    return [];
  }
  const [header, ...rows] = readCsv(file, reader.faults) ?? [];
  const known = columnNames(shape);
  for (const cell of header ?? []) {
    if (known.includes(cell.text)) continue;
    const what = `"${cell.text}" is not a column of this table`;
    reader.faults.add(cell.at, "definition/unknown-key", what, `use ${known.join(", ")}`);
  }
  return rows.map((row) => {
    const at = row[0]?.at ?? name.at;
    return readRow(reader, at, shape, (column) => {
      const cell = row[header?.findIndex((one) => one.text === column) ?? -1];
      return cell === undefined || cell.text === "" ? null : { at: cell.at, node: csvNode(cell) };
    });
  });
}

/** A CSV cell is a whole number when it reads as one, as in YAML. */
const csvNode = (cell: { readonly at: Position; readonly text: string }): SourceNode => {
  const digits = cell.text.startsWith("-") ? cell.text.slice(1) : cell.text;
  const isWhole = digits !== "" && digits.length < 16 && Number.isInteger(Number(digits));
  const isPlain = isWhole && BigInt(digits).toString() === digits;
  if (isPlain) return { kind: "whole", at: cell.at, value: BigInt(cell.text) };
  if (cell.text === "true" || cell.text === "false") {
    return { kind: "truth", at: cell.at, value: cell.text === "true" };
  }
  return { kind: "text", at: cell.at, value: cell.text };
};

function readRow(reader: Reader, at: Position, shape: RowShape, cell: CellText): TableRow {
  return {
    at,
    keys: shape.keys.map((key) => readRowKey(reader, at, key, cell)),
    cells: shape.columns.map((column) => readCell(reader, column, cell(column.name)?.node)),
  };
}

const readRowKey = (reader: Reader, at: Position, key: TableKey, cell: CellText): RowKey => {
  if (key.kind === "range") {
    const from = reader.optionalDay(cell(key.from)?.node);
    const to = reader.optionalDay(cell(key.to)?.node);
    if (from !== null && to !== null && from > to) {
      const what = `the row ends (${key.to}) before it begins (${key.from})`;
      reader.faults.add(at, "definition/table-cell", what, "exchange the two dates");
    }
    return { kind: "range", from, to };
  }
  const node = cell(key.name)?.node;
  const words = reader.names(node);
  for (const word of words) {
    if (word === "any" || key.words.includes(word)) continue;
    const what = `"${word}" is not one of ${key.words.join(", ")}`;
    reader.faults.add(node?.at ?? at, "definition/table-cell", what, "use these words, or any");
  }
  if (words.length === 0) {
    const what = `the row does not say for which ${key.name} it is`;
    reader.faults.add(at, "definition/table-cell", what, `add ${key.name}: (any for all)`);
  }
  return { kind: "choice", words: words.includes("any") ? key.words : words };
};

const readCell = (reader: Reader, column: Field, node: SourceNode | undefined): Cell => {
  if (node === undefined || node.kind === "nothing") return null;
  const { type } = column;
  if (type.kind === "date") return BigInt(reader.day(node));
  if (type.kind === "whole-number") return reader.whole(node);
  if (type.kind === "yes-no") return reader.truth(node);
  if (type.kind === "one-of" && node.kind === "text" && !type.words.includes(node.value)) {
    const what = `"${node.value}" is not one of ${type.words.join(", ")}`;
    reader.faults.add(node.at, "definition/table-cell", what, "use one of these words");
  }
  return reader.text(node);
};
