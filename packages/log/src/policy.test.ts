import fc from "fast-check";
import { expect, test } from "vitest";
import { ed25519Key, nodeSha256 as sha } from "../../../test/support/hosts.ts";
import { formatPolicy, type Policy, parsePolicy } from "./policy.ts";
import { formatVerifierKey, type NoteKey } from "./verifier-key.ts";

const noteKey = (name: string, type: NoteKey["type"]): NoteKey => ({
  name,
  type,
  publicKey: ed25519Key(name).publicKey,
});
const vkey = (name: string, type: NoteKey["type"]): string =>
  formatVerifierKey(sha, noteKey(name, type));

const LOG = `log ${vkey("demo.example/1", 1)}`;
const witness = (name: string): string => `witness ${name} ${vkey(name, 4)}`;
const lines = (...all: string[]): string => `${all.join("\n")}\n`;
const SAMPLE = lines(
  LOG,
  witness("severn-travel/executor"),
  witness("severn-buses/executor"),
  witness("public-auditor/executor"),
  "group travel-authority any severn-travel/executor severn-buses/executor",
  "group auditor any public-auditor/executor",
  "group executors 2 travel-authority auditor",
  "quorum executors",
);
const parsed = (text: string): Policy => {
  const result = parsePolicy(sha, text);
  if (!result.ok) expect.fail(`line ${result.line}: ${result.why}`);
  return result.policy;
};

test("the house's form is read, and written again as it was", () => {
  const policy = parsed(SAMPLE);
  expect(policy.logs.map((log) => log.name)).toEqual(["demo.example/1"]);
  expect(policy.witnesses.map((w) => w.name)).toEqual([
    "severn-travel/executor",
    "severn-buses/executor",
    "public-auditor/executor",
  ]);
  expect(policy.groups[2]).toEqual({
    name: "executors",
    threshold: 2,
    members: ["travel-authority", "auditor"],
  });
  expect(policy.quorum).toBe("executors");
  expect(formatPolicy(sha, policy)).toBe(SAMPLE);
});

test("blanks, comments, urls, all and any", () => {
  const text = lines(
    "# whom we believe: ŵ",
    "",
    `\t log\t${vkey("l", 1)}  https://log.example/ `,
    " \t",
    `witness W1 ${vkey("a", 4)} https://w1.example/`,
    `witness W2 ${vkey("b", 4)}`,
    "group both all W1 W2",
    "  # the end",
    "quorum both",
  );
  const policy = parsed(text);
  expect(policy.logs[0]?.url).toBe("https://log.example/");
  expect(policy.witnesses.map((w) => w.url)).toEqual(["https://w1.example/", null]);
  expect(policy.groups[0]?.threshold).toBe(2);
  expect(parsed(formatPolicy(sha, policy))).toEqual(policy);
  expect(parsed("quorum none\n")).toEqual({ logs: [], witnesses: [], groups: [], quorum: null });
  expect(parsed(lines(witness("w"), "quorum w")).quorum).toBe("w");
});

const two = [witness("a"), witness("b")];
const REFUSED: [why: string, line: number, text: string][] = [
  ["there is no quorum line", 1, lines(LOG)],
  ["there is no quorum line", 0, ""],
  ["the line does not end with a newline", 1, "quorum none"],
  ["there is a quorum line already", 2, "quorum none\nquorum none\n"],
  ["a quorum line is: quorum <name>", 1, "quorum\n"],
  ["a quorum line is: quorum <name>", 1, "quorum none none\n"],
  ["the quorum is not defined before", 1, lines("quorum a", ...two)],
  ["a line begins with log, witness, group, quorum or #", 1, "Quorum none\n"],
  ["a line begins with log, witness, group, quorum or #", 1, "\u00a0quorum none\n"],
  ["a control character is not allowed", 1, "quorum none\r\n"],
  ["a control character is not allowed", 2, "quorum none\n#\u007f\n"],
  ["a log line is: log <vkey> [<url>]", 1, "log\n"],
  ["a log line is: log <vkey> [<url>]", 1, lines(`${LOG} u u`)],
  ["the log's key is not a verifier key of type 0x01", 1, lines(`log ${vkey("a", 4)}`)],
  ["the log's key is not a verifier key of type 0x01", 1, "log x+00000000+AAAA\n"],
  ["another log has the same public key", 2, lines(LOG, LOG)],
  ["a witness line is: witness <name> <vkey> [<url>]", 1, "witness a\n"],
  ["a witness line is: witness <name> <vkey> [<url>]", 1, lines(`${witness("a")} u u`)],
  ["the witness' key is not a verifier key of type 0x04", 1, lines(`witness a ${vkey("a", 1)}`)],
  ["another witness has the same public key", 2, lines(witness("a"), `witness b ${vkey("a", 4)}`)],
  ["the name is defined already", 2, lines(witness("a"), `witness a ${vkey("b", 4)}`)],
  ["the name none is reserved", 1, lines(`witness none ${vkey("a", 4)}`)],
  [
    "a group line is: group <name> all|any|<number> <name>...",
    2,
    lines(witness("a"), "group g any"),
  ],
  [
    "the threshold is not all, any or a number from 1 to the members'",
    3,
    lines(...two, "group g 0 a b"),
  ],
  [
    "the threshold is not all, any or a number from 1 to the members'",
    3,
    lines(...two, "group g 3 a b"),
  ],
  [
    "the threshold is not all, any or a number from 1 to the members'",
    3,
    lines(...two, "group g 01 a"),
  ],
  [
    "the threshold is not all, any or a number from 1 to the members'",
    3,
    lines(...two, "group g most a"),
  ],
  ["a member is not defined on a line before", 1, lines("group g any a", ...two)],
  ["a member is not defined on a line before", 1, "group g any none\n"],
  ["a member is not defined on a line before", 1, "group g any g\n"],
  ["a member is listed in a group already", 3, lines(...two, "group g any a a")],
  ["a member is listed in a group already", 4, lines(...two, "group g any a", "group h any a b")],
  ["the name is defined already", 3, lines(...two, "group b any a")],
  ["the name none is reserved", 3, lines(...two, "group none any a")],
  ["the policy is not Unicode text of at most 1,000,000 bytes", 1, "quorum none\n#\ud800\n"],
  ["the policy is not Unicode text of at most 1,000,000 bytes", 1, `${"#".repeat(1_000_000)}\n`],
  [
    "there are more than 256 logs",
    257,
    lines(...Array.from({ length: 257 }, (_, i) => `log ${vkey(`l${i}`, 1)}`)),
  ],
];

test.each(REFUSED)("%s (line %i)", (why, line, text) => {
  expect(parsePolicy(sha, text)).toEqual({ ok: false, line, why });
});

test("a policy with a few pieces shuffled is refused or means the same when written again", () => {
  const piece = fc.constantFrom(
    LOG,
    ...two,
    "group g any a",
    "group h all a b",
    "group h 1 g b",
    "quorum none",
    "quorum g",
    "#",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const result = parsePolicy(sha, lines(...pieces));
      if (result.ok) expect(parsed(formatPolicy(sha, result.policy))).toEqual(result.policy);
    }),
    { numRuns: 1_000 },
  );
});

test("what could not be read is not written", () => {
  const policy = parsed(SAMPLE);
  const [first] = policy.witnesses;
  if (first === undefined) expect.fail("no witness");
  const wrong: Policy[] = [
    { ...policy, quorum: "nobody" },
    { ...policy, groups: [] },
    { ...policy, witnesses: [...policy.witnesses, first] },
    { ...policy, witnesses: [{ ...first, name: "a b" }] },
    { ...policy, logs: [{ ...noteKey("w", 1), url: "https://a.example/ x" }] },
  ];
  for (const each of wrong) expect(() => formatPolicy(sha, each)).toThrow(RangeError);
});
