/** What a command may touch of the outside: two streams of text and the reading of a file. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readFile: (path: string) => Uint8Array;
}

/** The exit codes that every command keeps to (README, "Exit codes"). */
export const EXIT = {
  fine: 0,
  answerIsNo: 1,
  wrongUse: 2,
  couldNotRun: 3,
  signerNotPinned: 4,
} as const;

/** Wrong use of the command line: the message says what is wrong and how to mend it. */
export class UsageError extends Error {
  readonly code = "cli/usage";
}

/** The command could not run here: something that it needs is missing or in the way. */
export class CannotRunError extends Error {
  readonly code = "cli/cannot-run";
}
