import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { equal, fromHex, type Hash, toHex } from "@tallystick/log";

/** A tree: how many leaves and the root over them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

export type SigningRefusal = "node/smaller-tree" | "node/different-tree" | "node/guard-unreadable";

const WHY: Readonly<Record<SigningRefusal, string>> = {
  "node/smaller-tree":
    "This operator has signed a larger tree than this ledger holds. Restore the newest data directory.",
  "node/different-tree":
    "This operator has signed another tree of the same size. Signing this one would be a fork.",
  "node/guard-unreadable": "The record of what was last signed cannot be read.",
};

/** The node would contradict what it signed before. */
export class SigningRefused extends Error {
  readonly code: SigningRefusal;
  constructor(code: SigningRefusal, path: string) {
    super(`${WHY[code]} (${path})`);
    this.code = code;
    this.name = "SigningRefused";
  }
}

/** Where the record lies when nothing else is said: outside every data directory. */
export const defaultStateDirectory = (): string => {
  const { XDG_STATE_HOME: home } = process.env;
  return join(home || join(homedir(), ".local", "state"), "tallystick");
};

/**
 * The tree that this operator last signed on this network. It lies outside the data directory,
 * so that restoring an older one, or running a copy of it, cannot make the node sign two trees.
 */
export class LastSigned {
  readonly #path: string;
  #head: TreeHead | null;

  constructor(stateDirectory: string, networkId: Hash, operator: string) {
    this.#path = join(stateDirectory, `${toHex(networkId).slice(0, 32)}-${operator}.json`);
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    this.#head = this.#read();
  }

  get head(): TreeHead | null {
    return this.#head;
  }

  /**
   * Notes that `next` will be signed now, durably, before it is. `rootAt` gives this ledger's root
   * at an earlier size. Throws SigningRefused when the last signed tree is not a prefix of it.
   */
  advance(next: TreeHead, rootAt: (size: number) => Hash): void {
    // Read again: another process with a copy of the data directory may have signed meanwhile.
    this.#head = this.#read();
    const last = this.#head;
    if (last !== null) {
      if (next.size < last.size) throw new SigningRefused("node/smaller-tree", this.#path);
      if (!equal(rootAt(last.size), last.root)) {
        throw new SigningRefused("node/different-tree", this.#path);
      }
      if (next.size === last.size) return;
    }
    this.#write(next);
    this.#head = next;
  }

  #read(): TreeHead | null {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new SigningRefused("node/guard-unreadable", this.#path);
    }
    const head = parseHead(text);
    if (head === null) throw new SigningRefused("node/guard-unreadable", this.#path);
    return head;
  }

  #write(head: TreeHead): void {
    const draft = `${this.#path}.new`;
    const file = openSync(draft, "w", 0o600);
    writeSync(file, `${JSON.stringify({ size: head.size, root: toHex(head.root) })}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, this.#path);
    syncDirectory(dirname(this.#path));
  }
}

function parseHead(text: string): TreeHead | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { size, root } = (value ?? {}) as { size?: unknown; root?: unknown };
  const hash = typeof root === "string" ? fromHex(root) : null;
  return Number.isSafeInteger(size) && hash?.length === 32
    ? { size: size as number, root: hash }
    : null;
}

// Windows cannot sync a directory; its rename is durable enough there.
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}
