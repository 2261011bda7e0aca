import { parseAst } from "rolldown/parseAst";
import { expect, test } from "vitest";
import { isTest, type Source, sourcesIn } from "./sources.ts";

/**
 * Which rooms a room may import from (ARCHITECTURE.md, "Dependencies point one way").
 * The compiler's project references do not stop a backward import; this does.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/log": [],
  "packages/ledger": ["@tallystick/log"],
  "packages/credentials": [],
  "packages/definitions": ["@tallystick/ledger", "@tallystick/log", "@bufbuild/cel", "yaml"],
  "packages/client": [
    "@tallystick/log",
    "@tallystick/ledger",
    "@tallystick/credentials",
    "@tallystick/definitions",
    "@noble/curves",
    "@noble/hashes",
  ],
  "packages/node": [
    "@tallystick/log",
    "@tallystick/ledger",
    "@tallystick/credentials",
    "@tallystick/definitions",
    "@tallystick/client",
    "@hono/node-server",
    "@hpke/core",
    "hono",
    "typebox",
    "node:",
  ],
  "apps/portal": [
    "@tallystick/log",
    "@tallystick/ledger",
    "@tallystick/client",
    "hono",
    "preact",
    "preact-render-to-string",
  ],
  "apps/cli": ["@tallystick/", "node:"],
};

const importsOf = (source: Source): string[] => {
  const lang = source.path.endsWith("x") ? "tsx" : "ts";
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const { type, source: from } = node as { type?: string; source?: { value?: unknown } };
    if (type?.startsWith("Import") || type?.startsWith("Export")) {
      if (typeof from?.value === "string") found.push(from.value);
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(parseAst(source.text, { lang }, source.path).body);
  return found;
};

const allowed = (specifier: string, rooms: readonly string[]): boolean =>
  specifier.startsWith(".") ||
  rooms.some((room) =>
    room.endsWith(":") || room.endsWith("/")
      ? specifier.startsWith(room)
      : specifier === room || specifier.startsWith(`${room}/`),
  );

for (const [room, rooms] of Object.entries(MAY_IMPORT)) {
  test(`${room} imports only what stands below it`, () => {
    const wrong = sourcesIn(`${room}/src`)
      .filter((source) => !isTest(source.path))
      .flatMap((source) =>
        importsOf(source)
          .filter((specifier) => !allowed(specifier, rooms))
          .map((specifier) => `${source.path} imports ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });
}

test("a relative import stays in its room", () => {
  const wrong = Object.keys(MAY_IMPORT).flatMap((room) =>
    sourcesIn(`${room}/src`).flatMap((source) =>
      importsOf(source)
        .filter((specifier) => specifier.startsWith("."))
        .filter((specifier) => {
          const depth = source.path.slice(room.length + 5).split("/").length - 1;
          const ups = specifier.split("/").filter((part) => part === "..").length;
          return ups > depth && !isTest(source.path);
        })
        .map((specifier) => `${source.path} reaches out to ${specifier}`),
    ),
  );
  expect(wrong).toEqual([]);
});
