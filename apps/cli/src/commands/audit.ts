import { parseArgs } from "node:util";
import {
  type AuditFault,
  type AuditReport,
  auditNetwork,
  auditUrl,
  CopyRefused,
  type NetworkReport,
  NodeNotReadable,
  NothingToAudit,
  PolicyNotReadable,
  type UrlReport,
} from "@tallystick/node";
import { CannotRunError, type CommandIo, EXIT, UsageError } from "../io.ts";

const DEFAULT_DATA = "data";
const SHOWN_HASH_CHARACTERS = 16;

/**
 * `audit [--data DIR | --url URL [--policy FILE]] [--json]`: executes everything again from genesis
 * and checks every hash, signature, root and cosignature, of all operators under DIR or of the one
 * whose directory it is; or verifies what a node shows over its API. Exit codes: 0 all is well, 1 a
 * fault, 2 wrong use or nothing to read, 3 could not run, 4 consistent but no policy was given.
 */
export const runAudit = async (argv: readonly string[], io: CommandIo): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: "string" },
      url: { type: "string" },
      policy: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { data, url, policy, json } = values;
  if (data !== undefined && url !== undefined) {
    throw new UsageError("Give --data or --url, not both.");
  }
  if (policy !== undefined && url === undefined) {
    throw new UsageError("--policy goes with --url; a data directory is judged by its policy.txt.");
  }
  return url === undefined
    ? reportDirectory(data ?? DEFAULT_DATA, json, io)
    : await reportUrl({ url, policy, json }, io);
};

function reportDirectory(directory: string, json: boolean, io: CommandIo): number {
  const report = orUsage(() => auditNetwork(directory));
  io.out(json ? `${JSON.stringify(report)}\n` : sayNetwork(report));
  return report.ok ? EXIT.fine : EXIT.answerIsNo;
}

function orUsage<T>(audit: () => T): T {
  try {
    return audit();
  } catch (error) {
    throw mapped(error);
  }
}

/** The error as the command line tells it apart: nothing to read, or could not run. */
function mapped(error: unknown): unknown {
  if (error instanceof NothingToAudit || error instanceof PolicyNotReadable) {
    return new UsageError(error.message);
  }
  if (error instanceof CopyRefused || error instanceof NodeNotReadable) {
    return new CannotRunError(error.message);
  }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const isFile = code === "EACCES" || code === "EPERM" || code === "ENOSPC" || code === "EIO";
  return isFile ? new CannotRunError(String(message)) : error;
}

interface UrlArguments {
  readonly url: string;
  readonly policy: string | undefined;
  readonly json: boolean;
}

async function reportUrl({ url, policy, json }: UrlArguments, io: CommandIo): Promise<number> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url takes the address of a node, not "${url}".`);
  }
  const policyText = policy === undefined ? null : readPolicy(policy, io);
  const report = await auditUrl({ url, policyText }).catch((error) => {
    throw mapped(error);
  });
  io.out(json ? `${JSON.stringify(report)}\n` : sayUrl(report));
  if (!report.ok) return EXIT.answerIsNo;
  return report.isPinned ? EXIT.fine : EXIT.signerNotPinned;
}

function readPolicy(path: string, io: CommandIo): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(io.readFile(path));
  } catch (error) {
    throw new UsageError(`The policy ${path} cannot be read: ${(error as Error).message}.`);
  }
}

/** One line for each operator, one for each fault, and what it comes to. */
function sayNetwork({ ok, operators, faults }: NetworkReport): string {
  const lines = operators.flatMap((report) => [
    sayOperator(report),
    ...report.faults.map(sayFault),
    ...sayRest(report.faultsNotListed),
  ]);
  const common = faults.filter(({ operator }) => operator === "").map(sayFault);
  const others = [...new Set(operators.flatMap(({ notAudited }) => notAudited))].sort();
  const beside =
    others.length === 0 ? [] : [`Beside the record, not judged: ${others.join(", ")}.`];
  const agreed = operators.length > 1 ? " The operators hold one and the same log." : "";
  const end = ok ? `All is well.${agreed}` : "There are faults.";
  return [...lines, ...common, ...beside, end, ""].join("\n");
}

function sayOperator(report: AuditReport): string {
  const { ok, operator, blocks, transactions, leaves, finalSize, operators } = report;
  const mark = ok ? "ok   " : "FAULT";
  const behind =
    finalSize === 0
      ? "no checkpoint meets the policy yet"
      : `${operators} operators stand behind the first ${finalSize} entries`;
  const roots = `log ${shorten(report.logRoot)}, state ${shorten(report.stateRoot)}`;
  const counts = `${blocks} blocks, ${transactions} transactions, ${leaves} entries`;
  return `${mark}  ${operator}: ${counts} executed again; ${behind}; ${roots}`;
}

function sayUrl(report: UrlReport): string {
  const { ok, url, blocks, transactions, leaves, operators, isPinned } = report;
  const roots = `log ${shorten(report.logRoot)}, state as stated ${shorten(report.stateRoot)}`;
  const counts = `${blocks} blocks, ${transactions} transactions, ${leaves} entries`;
  const pinned = isPinned
    ? "All is well."
    : "Consistent, but the signer is not pinned: give --policy with a policy from elsewhere.";
  return [
    `${ok ? "ok   " : "FAULT"}  ${url}: ${counts}; signed by ${operators} operators; ${roots}`,
    ...report.faults.map(sayFault),
    ...sayRest(report.faultsNotListed),
    ok ? pinned : "There are faults.",
    "",
  ].join("\n");
}

function sayFault({ table, row, column, what }: AuditFault): string {
  const place = [table, row === "" ? "" : `row ${row}`, column].filter((part) => part !== "");
  return `       ${place.join(", ")}: ${what}`;
}

const sayRest = (count: number): string[] =>
  count === 0 ? [] : [`       and ${count} more faults`];

const shorten = (hash: string): string => hash.slice(0, SHOWN_HASH_CHARACTERS) || "unknown";
