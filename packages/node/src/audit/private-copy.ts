import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const MAX_COPY_ATTEMPTS = 40;
const PAUSE_MS = 25;
const WAL_HEADER_BYTES = 32;

/** The data directory cannot be copied as it is now. */
export class CopyRefused extends Error {
  readonly code = "node/audit-cannot-copy";
}

/** A database file and its write-ahead log, copied so that nothing touches the original. */
export interface PrivateCopy {
  readonly path: string;
  /** Null when there was none. */
  readonly walPath: string | null;
  readonly remove: () => void;
}

/**
 * Copies a database that may be in use into a directory that only this user can read. The log grows
 * until it is folded into the file and cut to nothing. So a copy is whole when the log is the same
 * one before and after, and as much of it is taken as there was at first.
 */
export function copyDatabase(path: string): PrivateCopy {
  const directory = mkdtempSync(join(tmpdir(), "tallystick-audit-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const copy = join(directory, basename(path));
  try {
    for (let attempt = 0; attempt < MAX_COPY_ATTEMPTS; attempt++) {
      if (attempt > 0) pause();
      const before = markOf(path);
      const walBytes = sizeOf(`${path}-wal`);
      copyFileSync(path, copy, constants.COPYFILE_FICLONE);
      const walPath = copyStart(`${path}-wal`, `${copy}-wal`, walBytes);
      if (markOf(path) === before) return { path: copy, walPath, remove };
    }
    throw new CopyRefused(`${path} changes faster than it can be copied. Stop the node, or wait.`);
  } catch (cause) {
    remove();
    throw cause;
  }
}

/** Copies the first bytes of a file. Null when there is no such file. */
function copyStart(from: string, to: string, sizeBytes: number): string | null {
  rmSync(to, { force: true });
  if (!existsSync(from)) return null;
  writeFileSync(to, readStart(from, sizeBytes));
  return to;
}

function readStart(path: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  const file = openSync(path, "r");
  try {
    let filled = 0;
    while (filled < sizeBytes) {
      const read = readSync(file, bytes, filled, sizeBytes - filled, filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

/** The file as it stands, and which log lies beside it. */
function markOf(path: string): string {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true });
  const wal = `${path}-wal`;
  const head = existsSync(wal) ? readStart(wal, WAL_HEADER_BYTES).toString("hex") : "none";
  return `${ino} ${mtimeNs} ${size} ${head}`;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Lets the node finish what it writes. */
const pause = (): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
