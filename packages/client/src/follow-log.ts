import {
  type Checkpoint,
  equal,
  judgeCheckpoint,
  type Policy,
  parseNote,
  type Sha256,
  verifyConsistency,
} from "@tallystick/log";
import { LogError } from "./errors.ts";
import { verifyEd25519 } from "./hosts/ed25519.ts";
import { ask, type Endpoint, readBytes, refusedAnswer } from "./http.ts";
import { createTileReader, proveConsistency } from "./read-tiles.ts";

/** A checkpoint with the note that carries its signatures: keep both. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly quorumMet: boolean;
}

export interface LogFollower {
  /** The newest checkpoint that this client has seen and believed; store it between runs. */
  readonly last: () => Checkpoint | null;
  /**
   * Fetches the newest checkpoint and takes it only if the log's key signed it and the log that it
   * names continues the one seen before. Throws LogError otherwise, and keeps what it had.
   */
  readonly advance: () => Promise<SignedCheckpoint>;
}

export interface LogFollowerOptions {
  readonly endpoint: Endpoint;
  readonly sha: Sha256;
  readonly policy: Policy;
  readonly last?: Checkpoint | null;
}

/** Remembers the log as it was, so that a log that shrinks or forks is refused (SECURITY.md). */
export const createLogFollower = (options: LogFollowerOptions): LogFollower => {
  let last = options.last ?? null;
  return {
    last: () => last,
    advance: async () => {
      const signed = await fetchCheckpoint(options);
      if (last !== null) await requireContinuation(options, last, signed.checkpoint);
      last = signed.checkpoint;
      return signed;
    },
  };
};

const fetchCheckpoint = async (options: LogFollowerOptions): Promise<SignedCheckpoint> => {
  const response = await ask(options.endpoint, "/checkpoint");
  if (!response.ok) throw await refusedAnswer(response);
  const text = new TextDecoder().decode(await readBytes(response));
  const note = parseNote(text);
  const verdict =
    note === null ? null : judgeCheckpoint(options.sha, verifyEd25519, note, options.policy);
  if (!verdict?.checkpoint || !verdict.logSigned || verdict.faults.length > 0) {
    throw new LogError("client/log-unsigned", {
      message: "The checkpoint is not signed by a log of the policy.",
    });
  }
  return { checkpoint: verdict.checkpoint, note: text, quorumMet: verdict.quorumMet };
};

const requireContinuation = async (
  options: LogFollowerOptions,
  old: Checkpoint,
  now: Checkpoint,
): Promise<void> => {
  if (old.origin !== now.origin) {
    throw new LogError("client/log-other-origin", {
      message: `The node shows the log ${now.origin}; the one seen before was ${old.origin}.`,
    });
  }
  if (now.size < old.size) {
    throw new LogError("client/log-shrank", {
      message: `The log had ${old.size} entries and now shows ${now.size}.`,
    });
  }
  if (!(await isContinuation(options, old, now))) {
    throw new LogError("client/log-forked", {
      message: `The log of ${now.size} entries does not begin with the ${old.size} seen before.`,
    });
  }
};

const isContinuation = async (
  { sha, endpoint }: LogFollowerOptions,
  old: Checkpoint,
  now: Checkpoint,
): Promise<boolean> => {
  if (now.size === old.size) return equal(now.root, old.root);
  const reader = createTileReader({ sha, endpoint, size: now.size });
  return verifyConsistency(sha, {
    oldSize: old.size,
    newSize: now.size,
    oldRoot: old.root,
    newRoot: now.root,
    proof: await proveConsistency({ sha, reader, oldSize: old.size, newSize: now.size }),
  });
};
