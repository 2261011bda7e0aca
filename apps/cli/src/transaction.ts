import {
  ClientError,
  type ConnectionOptions,
  connect,
  judgeReceipt,
  NO_NAMES,
  nobleHost,
  type Recorded,
  sayCount,
  tellTransaction,
} from "@tallystick/client";
import { fromHex, toHex } from "@tallystick/log";
import { CannotRunError, type CommandIo, EXIT, UsageError } from "./io.ts";

const DEFAULT_URL = "http://localhost:8080";

/** How the command reaches a node; tests hand in their own. */
export type TransactionFetch = ConnectionOptions["fetch"];

interface TransactionArguments {
  readonly id: string;
  readonly url: string;
  readonly json: boolean;
}

/**
 * `tx show ID [--url URL] [--json]`: what one transaction did, in a plain sentence, and where it
 * stands. Exit codes: 0 it is there, 1 there is no such transaction, 2 wrong use, 3 no node
 * answers.
 */
export const runTransaction = async (
  argv: readonly string[],
  io: CommandIo,
  fetchWith: TransactionFetch = fetch,
): Promise<number> => {
  const given = parseArguments(argv);
  const found = await reachable(() => lookUp(given, fetchWith));
  if (found === null) {
    io.err(`There is no transaction ${given.id} on this ledger.\n`);
    return EXIT.answerIsNo;
  }
  io.out(given.json ? `${JSON.stringify(found)}\n` : say(found));
  return EXIT.fine;
};

const parseArguments = (argv: readonly string[]): TransactionArguments => {
  const [action, id, ...options] = argv;
  if (action !== "show") throw new UsageError("Say what to do with the transaction: show.");
  if (id === undefined || fromHex(id)?.length !== 32) {
    throw new UsageError("Give the transaction’s id: 64 characters from 0-9 and a-f.");
  }
  let url = DEFAULT_URL;
  let json = false;
  for (let at = 0; at < options.length; at++) {
    const word = options[at] as string;
    if (word === "--json") json = true;
    else if (word === "--url" && options[at + 1] !== undefined) url = options[++at] as string;
    else throw new UsageError(`There is no option ${word} here.`);
  }
  return { id, url: url.replace(/\/+$/, ""), json };
};

interface Shown {
  readonly id: string;
  readonly outcome: string;
  readonly block: number;
  readonly leafIndex: number;
  /** Null while the receipt is not complete, or when its body is not shown to everyone. */
  readonly sentence: string | null;
}

const lookUp = async (
  { id, url }: TransactionArguments,
  fetchWith: TransactionFetch,
): Promise<Shown | null> => {
  const node = connect({ url, fetch: fetchWith, wait: async () => {} });
  const hash = fromHex(id) as Uint8Array;
  const recorded = await node.outcome(hash);
  if (recorded === null) return null;
  const receipt = await node.receipt(hash).catch(() => null);
  return {
    id: toHex(recorded.id),
    outcome: sayOutcome(recorded),
    block: recorded.block,
    leafIndex: recorded.leafIndex,
    sentence: receipt === null ? null : tellReceipt(receipt),
  };
};

const sayOutcome = ({ outcome }: Recorded): string => (outcome.ok ? "ok" : outcome.code);

const tellReceipt = (receipt: string): string | null => {
  const { subject } = judgeReceipt(nobleHost, receipt, null);
  if (subject?.kind !== "transaction" || subject.transaction === null) return null;
  const timeMs = subject.leaf.blockTimeMs;
  return tellTransaction(subject.transaction, { names: NO_NAMES, timeMs }).sentence;
};

const say = ({ id, outcome, block, leafIndex, sentence }: Shown): string =>
  [
    ...(sentence === null ? [] : [sentence]),
    outcome === "ok" ? "It was done." : `It was refused: ${outcome}.`,
    `It stands in block ${block}, after ${sayCount(leafIndex, "other entry", "other entries")} ` +
      "of the log.",
    `Id ${id}`,
    "",
  ].join("\n");

const reachable = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ClientError) throw new CannotRunError(error.message);
    throw error;
  }
};
