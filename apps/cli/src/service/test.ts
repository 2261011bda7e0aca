import { parseArgs } from "node:util";
import { runServiceTests } from "@tallystick/definitions";
import { type CommandIo, EXIT } from "../io.ts";
import { faultLines, readFolder } from "./folder.ts";

/** `service test DIR`: 0 when every test of the definition passes, 1 with each that does not. */
export async function runTest(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const { directory, compilation } = readFolder(positionals[0], io);
  if (!compilation.ok) {
    const { faults } = compilation;
    if (values.json === true) io.out(`${JSON.stringify({ ok: false, faults })}\n`);
    else io.out(faultLines(directory, faults));
    return EXIT.answerIsNo;
  }
  const results = runServiceTests(compilation.compiled, compilation.tests);
  const failed = results.flatMap(({ name, at, failure }) =>
    failure === null ? [] : [{ name, file: at.file, line: at.line, failure }],
  );
  const ok = failed.length === 0;
  const passed = results.length - failed.length;
  if (values.json === true) {
    io.out(`${JSON.stringify({ ok, tests: results.length, passed, failed })}\n`);
  } else {
    for (const { name, file, line, failure } of failed) {
      io.out(`${directory}/${file}:${line} ${name}\n  ${failure}\n`);
    }
    io.out(`${passed} of ${results.length} tests passed.\n`);
  }
  return ok ? EXIT.fine : EXIT.answerIsNo;
}
