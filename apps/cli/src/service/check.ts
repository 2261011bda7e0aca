import { parseArgs } from "node:util";
import { type CommandIo, EXIT } from "../io.ts";
import { faultLines, readFolder, ruleOf } from "./folder.ts";

/** `service check DIR`: 0 when the definition compiles, 1 with every fault when it does not. */
export async function runCheck(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const { directory, compilation } = readFolder(positionals[0], io);
  if (!compilation.ok) {
    const { faults } = compilation;
    if (values.json === true) io.out(`${JSON.stringify({ ok: false, faults })}\n`);
    else io.out(`${faultLines(directory, faults)}${countOf(faults.length, "fault")}.\n`);
    return EXIT.answerIsNo;
  }
  const { service } = compilation.compiled;
  const rule = ruleOf(compilation.compiled);
  const { warnings } = compilation;
  if (values.json === true) {
    io.out(`${JSON.stringify({ ok: true, rule, tests: compilation.tests.length, warnings })}\n`);
    return EXIT.fine;
  }
  io.out(
    `${rule.service} ${rule.version} is fine: ${countOf(service.tables.length, "table")} proved, ` +
      `${countOf(service.states.length, "state")}, ${countOf(compilation.tests.length, "test")}.\n` +
      `hash ${rule.hash}\n`,
  );
  for (const { file, line, what } of warnings) io.out(`note: ${file}:${line} ${what}\n`);
  return EXIT.fine;
}

const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;
