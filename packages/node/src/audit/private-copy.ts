import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const MAX_COPY_ATTEMPTS = 20;

/** A database file and its write-ahead log, copied so that nothing touches the original. */
export interface PrivateCopy {
  readonly path: string;
  /** Null when there was none. */
  readonly walPath: string | null;
  readonly remove: () => void;
}

/**
 * Copies a database that may be in use. The log only grows until it is folded into the file, so a
 * copy is whole when the file did not change while both were copied.
 */
export function copyDatabase(path: string): PrivateCopy {
  const directory = mkdtempSync(join(tmpdir(), "tallystick-audit-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const copy = join(directory, basename(path));
  try {
    for (let attempt = 0; attempt < MAX_COPY_ATTEMPTS; attempt++) {
      const before = markOf(path);
      copyFileSync(path, copy, constants.COPYFILE_FICLONE);
      const walPath = copyIfThere(`${path}-wal`, `${copy}-wal`);
      if (markOf(path) === before) return { path: copy, walPath, remove };
    }
    throw new Error(`${path} changes faster than it can be copied.`);
  } catch (cause) {
    remove();
    throw cause;
  }
}

function copyIfThere(from: string, to: string): string | null {
  rmSync(to, { force: true });
  if (!existsSync(from)) return null;
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  return to;
}

function markOf(path: string): string {
  const { mtimeNs, size } = statSync(path, { bigint: true });
  return `${mtimeNs} ${size}`;
}
