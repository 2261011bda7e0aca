import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// The questions that test/interop/python/ledger.py answers; everything is in hexadecimal.

export interface TransactionClaim {
  readonly bytes: string;
  readonly networkId: string;
  readonly coseKey: string;
  readonly id: string;
  readonly keyId: string;
  readonly bytesHash: string;
}

export interface StateEntry {
  readonly module: string;
  readonly key: string;
  readonly value: string;
}

export interface StateProofClaim {
  readonly module: string;
  readonly key: string;
  readonly value: string | null;
  readonly proof: string;
  readonly root: string;
}

interface CaseOfNetwork {
  readonly networkId: string;
  readonly caseId: string;
}

interface Field {
  readonly name: string;
  readonly salt: string;
  readonly valueCbor: string;
}

export interface OpeningClaim extends CaseOfNetwork, Field {
  readonly index: number;
  readonly size: number;
  readonly proof: readonly string[];
  readonly root: string;
}

export interface Questions {
  readonly transactions?: readonly TransactionClaim[];
  readonly leaves?: readonly { readonly bytes: string; readonly leafHash: string }[];
  readonly effects?: readonly { readonly all: readonly string[]; readonly digest: string }[];
  readonly states?: readonly { readonly entries: readonly StateEntry[]; readonly root: string }[];
  readonly stateProofs?: readonly StateProofClaim[];
  readonly commitments?: readonly (CaseOfNetwork & {
    readonly fields: readonly Field[];
    readonly root: string;
  })[];
  readonly openings?: readonly OpeningClaim[];
  readonly genesis?: readonly {
    readonly leaf: string;
    readonly networkId: string;
    readonly origin: string;
  }[];
  readonly definitions?: readonly { readonly bytes: string; readonly hash: string }[];
  readonly messages?: readonly { readonly bytes: string; readonly number: number }[];
}

/** For each claim in its order, why it does not hold; "" when it does. */
export type Answers<Q extends Questions> = { readonly [K in keyof Q]: readonly string[] };

/** Debian's own interpreter: another may come first in PATH and lack the packages. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("./python/ledger.py", import.meta.url));

/** What this machine lacks for the Python oracle, or null. */
export const missingForOracle = (): string | null => {
  for (const [module, install] of [
    ["cbor2", "python3-cbor2"],
    ["cryptography", "python3-cryptography"],
  ]) {
    const tried = spawnSync(PYTHON, ["-c", `import ${module}`], { encoding: "utf8" });
    if (tried.error !== undefined) return `${PYTHON} is missing (apt-get install python3)`;
    if (tried.status !== 0) return `Python's ${module} is missing (apt-get install ${install})`;
  }
  return null;
};

export const askOracle = <Q extends Questions>(questions: Q): Answers<Q> => {
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`the Python oracle failed: ${stderr}`);
  return JSON.parse(stdout) as Answers<Q>;
};
