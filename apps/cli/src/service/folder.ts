import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import {
  type Compilation,
  type CompiledService,
  compileService,
  type Fault,
  type SourceFile,
} from "@tallystick/definitions";
import { definitionHash } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import { type CommandIo, UsageError } from "../io.ts";

/** The most files, and the largest one, that a service's folder may hold. */
const MAX_FILES = 200;
const MAX_FILE_BYTES = 1_000_000;

const KINDS = [".yaml", ".csv", ".json"];

/** A folder that was read: its files, and what the compiler makes of them. */
export interface Folder {
  readonly directory: string;
  readonly files: readonly SourceFile[];
  readonly compilation: Compilation;
}

/** Reads and compiles the service in a directory. Wrong use when the directory cannot be read. */
export function readFolder(directory: string | undefined, io: Pick<CommandIo, "readFile">): Folder {
  if (directory === undefined) throw new UsageError("Name the service's directory.");
  const files = filesIn(directory).map((path) => ({
    path: relative(directory, path).split(sep).join("/"),
    text: textOf(path, io),
  }));
  return { directory, files, compilation: compileService(files) };
}

/** The YAML, CSV and JSON files in a directory and below it, by name. */
function filesIn(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`${directory} is not a directory.`);
  }
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && KINDS.some((kind) => entry.name.endsWith(kind)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length <= MAX_FILES) return paths;
  throw new UsageError(`${directory} holds ${paths.length} files: it is not one service's folder.`);
}

/** A file's text; wrong use when it cannot be read, is too large or is not UTF-8. */
export function textOf(path: string, io: Pick<CommandIo, "readFile">): string {
  let bytes: Uint8Array;
  try {
    bytes = io.readFile(path);
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
  if (bytes.length > MAX_FILE_BYTES) throw new UsageError(`${path} is larger than 1 MB.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path} is not text in UTF-8.`);
  }
}

const sha256 = {
  one: (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest(),
  pairs: (): Uint8Array => {
    throw new Error("a definition is hashed in one piece");
  },
};

/** The rule that decided: what a receipt pins. */
export interface RuleNamed {
  readonly service: string;
  readonly version: string;
  readonly hash: string;
}

/** The service, its version and its definition hash in hexadecimal. */
export const ruleOf = ({ service, bytes }: CompiledService): RuleNamed => ({
  service: service.service,
  version: service.version,
  hash: toHex(definitionHash(sha256, bytes)),
});

/** A fault as an author reads it: place, code, what is wrong, how to mend it. */
export const faultLines = (directory: string, faults: readonly Fault[]): string =>
  faults
    .map(
      ({ file, line, column, code, what, mend }) =>
        `${join(directory, file)}:${line}:${column} ${code}\n  ${what}\n  mend: ${mend}\n`,
    )
    .join("");
