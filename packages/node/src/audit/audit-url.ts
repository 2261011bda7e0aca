import { setTimeout as pause } from "node:timers/promises";
import {
  decodeGenesis,
  type Genesis,
  type Host,
  logNoteKey,
  networkId,
  originOf,
  policyText,
} from "@tallystick/ledger";
import {
  type Checkpoint,
  type CheckpointVerdict,
  decodeEntryBundle,
  equal,
  formatVerifierKey,
  hashLeaf,
  hashTile,
  judgeCheckpoint,
  LogTree,
  type Policy,
  parseNote,
  parsePolicy,
  TILE_WIDTH,
  tilePath,
  tilesOf,
  tileWidth,
  toBase64,
  toHex,
} from "@tallystick/log";
import { verifyEd25519 } from "../crypto/ed25519.ts";
import { createHost } from "../crypto/host.ts";
import { LeafChecker, type LeavesFound } from "./check-leaves.ts";
import { type FetchLike, LogFetcher, NodeNotReadable } from "./fetch-log.ts";
import { type AuditFault, Findings } from "./report.ts";

const QUORUM_TRIES = 20;
const QUORUM_PAUSE_MS = 500;
const BLOCKS_A_PAGE = 100;

export interface UrlAuditOptions {
  readonly url: string;
  /** C2SP policy that the reader pinned; null to take the node's own word. */
  readonly policyText: string | null;
  readonly host?: Host;
  readonly fetch?: FetchLike;
  /** Pause between looks for cosignatures on a fresh checkpoint. */
  readonly pauseMs?: number;
}

/** What an audit over the public API found: all that can be known without the bodies. */
export interface UrlReport {
  readonly ok: boolean;
  readonly url: string;
  /** False when the policy is the node's own word. */
  readonly isPinned: boolean;
  readonly network: string;
  readonly origin: string;
  readonly blocks: number;
  readonly leaves: number;
  readonly transactions: number;
  /** Independent operators behind the checkpoint. */
  readonly operators: number;
  readonly logRoot: string;
  /** As the last header states it; only an audit with the bodies computes it. */
  readonly stateRoot: string;
  readonly faults: readonly AuditFault[];
  readonly faultsNotListed: number;
}

/** The pinned policy cannot be read. */
export class PolicyNotReadable extends Error {
  readonly code = "node/audit-policy";
}

/**
 * Reads a node's whole public log and verifies it: entry bundles and hash tiles against the
 * checkpoint's root, its signatures against the policy, blocks as their headers link them. Throws
 * NodeNotReadable when the node does not answer, PolicyNotReadable for a policy that is none.
 */
export async function auditUrl(options: UrlAuditOptions): Promise<UrlReport> {
  const audit = new UrlAudit(options);
  return await audit.run();
}

interface Signed {
  readonly checkpoint: Checkpoint;
  readonly verdict: CheckpointVerdict;
}

class UrlAudit {
  readonly #options: UrlAuditOptions;
  readonly #host: Host;
  readonly #log: LogFetcher;
  readonly #findings: Findings = new Findings();
  readonly #tree: LogTree;

  constructor(options: UrlAuditOptions) {
    this.#options = options;
    this.#host = options.host ?? createHost();
    this.#log = new LogFetcher(options.url, options.fetch ?? fetch);
    this.#tree = new LogTree(this.#host.sha256);
  }

  async run(): Promise<UrlReport> {
    const served = await this.#log.text("/policy");
    const signed = await this.#readCheckpoint(
      this.#parsePolicy(this.#options.policyText ?? served),
    );
    if (signed === null) return this.#report(null, null, null);
    const { size } = signed.checkpoint;
    const [genesisBytes, ...first] = await this.#readBundle(0, size);
    const genesis = genesisBytes === undefined ? null : decodeGenesis(genesisBytes);
    if (genesisBytes === undefined || genesis === null) {
      this.#findings.add("leaf", 0, "", "It is not the genesis of a ledger.");
      return this.#report(signed, null, null);
    }
    const leaves = await this.#readLeaves(genesis, genesisBytes, first, size);
    this.#checkRoot(signed.checkpoint);
    await this.#checkTiles(size);
    await this.#checkFounding(genesis, genesisBytes, served, signed.checkpoint);
    await this.#checkHeaders(leaves.headers);
    return this.#report(signed, leaves, genesisBytes);
  }

  #parsePolicy(text: string): Policy {
    const parsed = parsePolicy(this.#host.sha256, text);
    if (parsed.ok) return parsed.policy;
    const where = `line ${parsed.line}: ${parsed.why}`;
    if (this.#options.policyText !== null) throw new PolicyNotReadable(`The policy, ${where}.`);
    throw new NodeNotReadable(`${this.#options.url}/policy is no policy, ${where}.`);
  }

  /** The newest checkpoint, or null; a fresh one gets a while to be cosigned. */
  async #readCheckpoint(policy: Policy): Promise<Signed | null> {
    for (let attempt = 1; ; attempt++) {
      const note = parseNote(await this.#log.text("/checkpoint"));
      const verdict =
        note === null ? null : judgeCheckpoint(this.#host.sha256, verifyEd25519, note, policy);
      const checkpoint = verdict?.checkpoint ?? null;
      if (verdict === null || checkpoint === null) {
        this.#findings.add("checkpoint", "", "note", "It is not a signed checkpoint.");
        return null;
      }
      const isEnough = verdict.quorumMet || verdict.faults.length > 0 || !verdict.logSigned;
      if (isEnough || attempt === QUORUM_TRIES) {
        this.#judge(verdict);
        return { checkpoint, verdict };
      }
      await pause(this.#options.pauseMs ?? QUORUM_PAUSE_MS);
    }
  }

  #judge({ logSigned, quorumMet, faults }: CheckpointVerdict): void {
    const fault = (what: string): void => this.#findings.add("checkpoint", "", "signature", what);
    for (const code of faults) fault(`A signature does not hold: ${code}.`);
    if (faults.length > 0) return;
    if (!logSigned) fault("It is not signed by a log that the policy names.");
    else if (!quorumMet) fault("It has not the cosignatures that the policy asks for.");
  }

  async #readBundle(index: number, size: number): Promise<Uint8Array[]> {
    const width = tileWidth("entries", index, size);
    const path = tilePath({ level: "entries", index, width });
    const entries = decodeEntryBundle(await this.#log.bytes(`/${path}`)) ?? [];
    if (entries.length !== width) {
      this.#findings.add(path, "", "", `It holds ${entries.length} entries, not ${width}.`);
    }
    for (const entry of entries) this.#tree.append(hashLeaf(this.#host.sha256, entry));
    return entries;
  }

  async #readLeaves(
    genesis: Genesis,
    genesisBytes: Uint8Array,
    first: readonly Uint8Array[],
    size: number,
  ): Promise<LeavesFound> {
    const checker = new LeafChecker(this.#host.sha256, genesis, genesisBytes, this.#findings);
    let index = 1;
    for (const leaf of first) checker.take(index++, leaf);
    for (let bundle = 1; bundle * TILE_WIDTH < size; bundle++) {
      for (const leaf of await this.#readBundle(bundle, size)) checker.take(index++, leaf);
    }
    return checker.end();
  }

  #checkRoot({ size, root }: Checkpoint): void {
    if (this.#tree.size === size && equal(this.#tree.root(), root)) return;
    this.#findings.add("checkpoint", "", "root", "The entries give another root than was signed.");
  }

  async #checkTiles(size: number): Promise<void> {
    if (this.#tree.size !== size) return;
    for (const tile of tilesOf(size)) {
      const { level, index, width } = tile;
      const path = tilePath(tile);
      const served = await this.#log.bytes(`/${path}`);
      if (equal(served, hashTile(this.#tree, Number(level), index, width))) continue;
      this.#findings.add(path, "", "", "Its hashes are not those of the entries.");
    }
  }

  async #checkFounding(
    genesis: Genesis,
    genesisBytes: Uint8Array,
    served: string,
    { origin }: Checkpoint,
  ): Promise<void> {
    const { sha256 } = this.#host;
    const network = networkId(sha256, genesisBytes);
    if (origin !== originOf(genesis, network)) {
      this.#findings.add("checkpoint", "", "origin", "It is of another log than its genesis.");
    }
    if (served !== policyText(sha256, genesisBytes)) {
      this.#findings.add("/policy", "", "", "It is not the policy that genesis gives.");
    }
    const key = formatVerifierKey(sha256, logNoteKey(genesis, network));
    if ((await this.#log.text("/log.vkey")) !== `${key}\n`) {
      this.#findings.add("/log.vkey", "", "", "It is not the log's key that genesis names.");
    }
  }

  /** The list of blocks shows the headers that are in the log. */
  async #checkHeaders(headers: readonly Uint8Array[]): Promise<void> {
    for (let from = 1; from <= headers.length; from += BLOCKS_A_PAGE) {
      const path = `/v1/blocks?from=${from}&limit=${BLOCKS_A_PAGE}`;
      const { blocks } = ((await this.#log.json(path)) ?? {}) as { blocks?: unknown };
      const listed: readonly unknown[] = Array.isArray(blocks) ? blocks : [];
      const wanted = headers.slice(from - 1, from - 1 + BLOCKS_A_PAGE);
      for (const [at, header] of wanted.entries()) {
        const { number, leaf } = (listed[at] ?? {}) as { number?: unknown; leaf?: unknown };
        if (number === from + at && leaf === toBase64(header)) continue;
        const what = "The list of blocks shows another header than the log.";
        this.#findings.add("/v1/blocks", from + at, "leaf", what);
      }
    }
  }

  #report(
    signed: Signed | null,
    leaves: LeavesFound | null,
    genesis: Uint8Array | null,
  ): UrlReport {
    const { faults, notListed, count } = this.#findings;
    const isSigned = signed?.verdict.logSigned === true;
    const lastHeader = leaves?.lastHeader ?? null;
    return {
      ok: count === 0,
      url: this.#options.url,
      isPinned: this.#options.policyText !== null,
      network: genesis === null ? "" : toHex(networkId(this.#host.sha256, genesis)),
      origin: signed?.checkpoint.origin ?? "",
      blocks: leaves?.blocks ?? 0,
      leaves: this.#tree.size,
      transactions: leaves?.transactions ?? 0,
      operators: isSigned ? 1 + signed.verdict.operators.length : 0,
      logRoot: toHex(this.#tree.root()),
      stateRoot: lastHeader === null ? "" : toHex(lastHeader.stateRoot),
      faults,
      faultsNotListed: notListed,
    };
  }
}
