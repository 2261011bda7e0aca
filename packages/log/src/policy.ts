import { equal } from "./bytes.ts";
import { parseDecimal } from "./decimal.ts";
import type { Sha256 } from "./hash.ts";
import { utf8Length } from "./utf8.ts";
import {
  COSIGNER_KEY_TYPE,
  formatVerifierKey,
  LOG_KEY_TYPE,
  type NoteKey,
  parseVerifierKey,
} from "./verifier-key.ts";

/** Whom to believe about a log (C2SP tlog-policy). */
export interface Policy {
  /** A checkpoint must be signed by one of these, whose name is the checkpoint's origin. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** Each after the names that it is made of. */
  readonly groups: readonly PolicyGroup[];
  /** The witness or group that must have cosigned; null for `quorum none`. */
  readonly quorum: string | null;
}

export type PolicyLog = NoteKey & { readonly url?: string | null };

export interface PolicyWitness {
  /** Used within the policy only; the name on signature lines is the key's. */
  readonly name: string;
  readonly key: NoteKey;
  readonly url: string | null;
}

/** Has witnessed a checkpoint when at least `threshold` of its members have. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

export type PolicyParsed =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly line: number; readonly why: string };

export const MAX_POLICY_BYTES = 1_000_000;
export const MAX_POLICY_LOGS = 256;
export const MAX_POLICY_WITNESSES = 1_024;
export const MAX_POLICY_GROUPS = 1_024;

const NO_QUORUM = "none";

/** A policy that grows line by line. */
interface Draft {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  /** Every name defined so far → whether a group has it as a member already. */
  readonly names: Map<string, boolean>;
  quorum: string | null | undefined;
}

/**
 * Reads a policy text. Lines are counted from 1; `why` is a sentence in English. Unlike the
 * standard, keys of other types than 0x01 for logs and 0x04 for witnesses are refused.
 */
export const parsePolicy = (sha: Sha256, text: string): PolicyParsed => {
  const refused = (line: number, why: string): PolicyParsed => ({ ok: false, line, why });
  const length = text.length > MAX_POLICY_BYTES ? null : utf8Length(text);
  if (length === null || length > MAX_POLICY_BYTES) {
    return refused(1, "the policy is not Unicode text of at most 1,000,000 bytes");
  }
  const lines = text.split("\n");
  const draft: Draft = {
    logs: [],
    witnesses: [],
    groups: [],
    names: new Map(),
    quorum: undefined,
  };
  const unfinished = lines.pop();
  if (unfinished !== "") return refused(lines.length + 1, "the line does not end with a newline");
  for (const [i, line] of lines.entries()) {
    const why = addLine(sha, draft, line);
    if (why !== null) return refused(i + 1, why);
  }
  const { quorum, logs, witnesses, groups } = draft;
  if (quorum === undefined) return refused(lines.length, "there is no quorum line");
  return { ok: true, policy: { logs, witnesses, groups, quorum } };
};

/** Null when the line was taken, or why it was not. */
const addLine = (sha: Sha256, draft: Draft, line: string): string | null => {
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f)
      return "a control character is not allowed";
  }
  const [keyword, ...words] = splitAtBlanks(line);
  if (keyword === undefined || keyword.startsWith("#")) return null;
  if (keyword === "log") return addLog(sha, draft, words);
  if (keyword === "witness") return addWitness(sha, draft, words);
  if (keyword === "group") return addGroup(draft, words);
  if (keyword === "quorum") return setQuorum(draft, words);
  return "a line begins with log, witness, group, quorum or #";
};

/** Blanks are spaces and tabs alone. */
const splitAtBlanks = (line: string): string[] =>
  line
    .split("\t")
    .flatMap((part) => part.split(" "))
    .filter((word) => word !== "");

const addLog = (sha: Sha256, draft: Draft, words: readonly string[]): string | null => {
  const [vkey, url, extra] = words;
  if (vkey === undefined || extra !== undefined) return "a log line is: log <vkey> [<url>]";
  const key = parseVerifierKey(sha, vkey);
  if (key?.type !== LOG_KEY_TYPE) return "the log's key is not a verifier key of type 0x01";
  if (draft.logs.some((log) => equal(log.publicKey, key.publicKey))) {
    return "another log has the same public key";
  }
  if (draft.logs.length === MAX_POLICY_LOGS) return "there are more than 256 logs";
  draft.logs.push({ name: key.name, type: key.type, publicKey: key.publicKey, url: url ?? null });
  return null;
};

const addWitness = (sha: Sha256, draft: Draft, words: readonly string[]): string | null => {
  const [name, vkey, url, extra] = words;
  if (name === undefined || vkey === undefined || extra !== undefined) {
    return "a witness line is: witness <name> <vkey> [<url>]";
  }
  const key = parseVerifierKey(sha, vkey);
  if (key?.type !== COSIGNER_KEY_TYPE) return "the witness' key is not a verifier key of type 0x04";
  if (draft.witnesses.some((witness) => equal(witness.key.publicKey, key.publicKey))) {
    return "another witness has the same public key";
  }
  if (draft.witnesses.length === MAX_POLICY_WITNESSES) return "there are more than 1,024 witnesses";
  const why = defineName(draft, name);
  if (why !== null) return why;
  const { type, publicKey } = key;
  draft.witnesses.push({ name, key: { name: key.name, type, publicKey }, url: url ?? null });
  return null;
};

const addGroup = (draft: Draft, words: readonly string[]): string | null => {
  const [name, thresholdText, ...members] = words;
  if (name === undefined || thresholdText === undefined || members.length === 0) {
    return "a group line is: group <name> all|any|<number> <name>...";
  }
  const threshold = parseThreshold(thresholdText, members.length);
  if (threshold === null) return "the threshold is not all, any or a number from 1 to the members'";
  if (draft.groups.length === MAX_POLICY_GROUPS) return "there are more than 1,024 groups";
  for (const member of members) {
    const taken = draft.names.get(member);
    if (taken === undefined) return "a member is not defined on a line before";
    if (taken) return "a member is listed in a group already";
    draft.names.set(member, true);
  }
  const why = defineName(draft, name);
  if (why !== null) return why;
  draft.groups.push({ name, threshold, members });
  return null;
};

const parseThreshold = (text: string, count: number): number | null => {
  if (text === "all") return count;
  if (text === "any") return 1;
  const threshold = parseDecimal(text);
  return threshold === null || threshold < 1 || threshold > count ? null : threshold;
};

const setQuorum = (draft: Draft, words: readonly string[]): string | null => {
  const [name, extra] = words;
  if (name === undefined || extra !== undefined) return "a quorum line is: quorum <name>";
  if (draft.quorum !== undefined) return "there is a quorum line already";
  if (name !== NO_QUORUM && !draft.names.has(name)) return "the quorum is not defined before";
  draft.quorum = name === NO_QUORUM ? null : name;
  return null;
};

const defineName = (draft: Draft, name: string): string | null => {
  if (name === NO_QUORUM) return "the name none is reserved";
  if (draft.names.has(name)) return "the name is defined already";
  draft.names.set(name, false);
  return null;
};

/**
 * The policy's text in one fixed form: logs, witnesses, groups, quorum, in the order given.
 * Throws RangeError on a policy that `parsePolicy` would refuse.
 */
export const formatPolicy = (sha: Sha256, policy: Policy): string => {
  const key = (noteKey: NoteKey): string => formatVerifierKey(sha, noteKey);
  const url = (address: string | null | undefined): string => (address ? ` ${address}` : "");
  const lines = [
    ...policy.logs.map((log) => `log ${key(log)}${url(log.url)}`),
    ...policy.witnesses.map((w) => `witness ${w.name} ${key(w.key)}${url(w.url)}`),
    ...policy.groups.map(formatGroup),
    `quorum ${policy.quorum ?? NO_QUORUM}`,
  ];
  const text = `${lines.join("\n")}\n`;
  const parsed = parsePolicy(sha, text);
  if (!parsed.ok) throw new RangeError(`not a policy, line ${parsed.line}: ${parsed.why}`);
  return text;
};

const formatGroup = ({ name, threshold, members }: PolicyGroup): string =>
  `group ${name} ${threshold === 1 ? "any" : threshold} ${members.join(" ")}`;
