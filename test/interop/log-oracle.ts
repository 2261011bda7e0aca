import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

// The questions that test/interop/go answers; its *.go files say what each field means.

export interface InclusionQuestion {
  readonly index: number;
  readonly size: number;
  readonly leaf: string;
  readonly root: string;
  readonly proof: readonly string[];
}

export interface ConsistencyQuestion {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: string;
  readonly newRoot: string;
  readonly proof: readonly string[];
}

export interface CheckpointQuestion {
  readonly note: string;
  readonly origin: string;
  readonly logKey: string;
  readonly cosigners: readonly string[];
  readonly policy: string;
}

export interface CheckpointAnswer {
  readonly why: string;
  readonly size: number;
  readonly root: string | null;
  readonly signers: readonly string[] | null;
  readonly quorumMet: boolean;
}

export interface Question {
  readonly verifierKeys?: readonly string[];
  readonly inclusions?: readonly InclusionQuestion[];
  readonly consistency?: readonly ConsistencyQuestion[];
  readonly checkpoints?: readonly CheckpointQuestion[];
  readonly proofs?: readonly (CheckpointQuestion & {
    readonly text: string;
    readonly leaf: string;
  })[];
  readonly tiledLogs?: readonly {
    readonly size: number;
    readonly root: string;
    readonly files: Readonly<Record<string, string>>;
  }[];
  readonly makeLog?: { readonly size: number };
}

/** For each claim in its order, why it does not hold; "" when it does. */
export interface Answer {
  readonly verifierKeys: readonly string[];
  readonly inclusions: readonly string[];
  readonly consistency: readonly string[];
  readonly checkpoints: readonly CheckpointAnswer[];
  readonly proofs: readonly string[];
  readonly tiledLogs: readonly string[];
  readonly madeLog: {
    readonly origin: string;
    readonly logKey: string;
    readonly cosigner: string;
    readonly cosignerKey: string;
    readonly checkpoint: string;
    readonly inclusions: readonly InclusionQuestion[];
    readonly consistency: readonly ConsistencyQuestion[];
    readonly proof: string;
  };
}

const MODULE = fileURLToPath(new URL("./go", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../build/interop", import.meta.url));
const BINARY = `${FOLDER}/log-oracle`;

/** Null when the oracle can be built here, or what is missing for it, in a few words. */
export const missingForOracle = (): string | null => {
  const version = spawnSync("go", ["version"]);
  if (version.error !== undefined || version.status !== 0) return "Go is not installed";
  const download = spawnSync("go", ["mod", "download"], { cwd: MODULE, encoding: "utf8" });
  if (download.status === 0) return null;
  return `Go's modules cannot be had (${download.stderr.trim().split("\n").at(-1)})`;
};

/** Builds the oracle into build/interop. */
export const buildOracle = (): void => {
  mkdirSync(FOLDER, { recursive: true });
  const built = spawnSync("go", ["build", "-o", BINARY, "."], { cwd: MODULE, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
};

/** Puts a question to the oracle. */
export const askOracle = (question: Question): Answer => {
  const asked = spawnSync(BINARY, {
    input: JSON.stringify(question),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (asked.status !== 0) throw new Error(`log-oracle: ${asked.stderr}`);
  return JSON.parse(asked.stdout) as Answer;
};
