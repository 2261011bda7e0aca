import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

/**
 * Builds what runs: the program, the standalone verifier, and the portal's one script.
 * Plain Node 24 runs this file: `node scripts/build.ts [--if-stale]`.
 */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(ROOT, "dist");
const PROGRAM = "tallystick.js";
const VERIFIER = "verify.mjs";
/** Two days. */
const KEEP_CHUNKS_MS = 172_800_000;
const PUBLIC_FILES = ["style.css", "icon.svg"];

/** Native code, or code that starts native code: left in node_modules. */
const LEFT_OUT = ["sodium-native", "esbuild"];

/** Bundled packages of the older module kind still call `require` for Node's own modules. */
const REQUIRE =
  'import { createRequire as createRequireHere } from "node:module";\n' +
  "const require = createRequireHere(import.meta.url);";

const shared: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  logLevel: "warning",
  loader: { ".sql": "text" },
};

/**
 * The program in chunks, so that each process reads only what its command needs: three nodes and
 * whoever started them share one small machine.
 */
const program = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: [
    { in: "apps/cli/src/main.ts", out: "tallystick" },
    ...workers().map((path) => ({ in: path, out: workerName(path) })),
  ],
  outdir: out,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  minifyWhitespace: true,
  minifySyntax: true,
  platform: "node",
  target: "node24",
  jsx: "automatic",
  jsxImportSource: "preact",
  external: LEFT_OUT,
  banner: { js: REQUIRE },
});

/** Not minified: whoever relies on the verifier may want to read it. */
const verifier = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: ["packages/client/src/bin/verify.ts"],
  outfile: join(out, VERIFIER),
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
});

const check = (out: string): BuildOptions => ({
  ...shared,
  entryPoints: ["packages/client/src/bin/check.ts"],
  outfile: join(out, "public/check.js"),
  platform: "browser",
  target: "es2022",
  minify: true,
});

/** Threads of the node: files named `…-worker.ts` are built beside the program as `…-worker.js`. */
const workers = (): string[] =>
  sourcesIn("packages/node/src").filter((path) => path.endsWith("-worker.ts"));
const workerName = (path: string): string => path.slice(path.lastIndexOf("/") + 1, -".ts".length);

const sourcesIn = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
        .filter((path) => /\.(tsx?|json|sql|css|svg)$/.test(path) && !/\.test\.tsx?$/.test(path))
    : [];

const roomsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder)).map((room) => `${folder}/${room}/src`);

/** Whether anything that goes into the program is newer than it. */
const isStale = (): boolean => {
  const built = join(DIST, PROGRAM);
  if (!existsSync(built)) return true;
  const builtMs = statSync(built).mtimeMs;
  const sources = [...roomsIn("packages"), ...roomsIn("apps")].flatMap(sourcesIn);
  return [...sources, "scripts/build.ts", "package-lock.json"].some(
    (path) => statSync(join(ROOT, path)).mtimeMs > builtMs,
  );
};

/** Builds aside and moves each file into place, so that two builds at once do no harm. */
const buildAll = async (): Promise<boolean> => {
  const aside = join(DIST, `.build-${process.pid}`);
  try {
    mkdirSync(join(aside, "public"), { recursive: true });
    for (const name of PUBLIC_FILES) {
      cpSync(join(ROOT, "apps/portal/src/public", name), join(aside, "public", name));
    }
    const parts = await Promise.allSettled(
      [program, verifier, check].map((part) => build(part(aside))),
    );
    // What is wrong has been printed already, with file and line.
    if (parts.some(({ status }) => status === "rejected")) return false;
    mkdirSync(join(DIST, "public"), { recursive: true });
    mkdirSync(join(ROOT, "packages/client/dist"), { recursive: true });
    cpSync(join(aside, VERIFIER), join(aside, `${VERIFIER}.copy`));
    renameSync(join(aside, `${VERIFIER}.copy`), join(ROOT, "packages/client/dist", VERIFIER));
    moveFiles(aside, DIST);
    dropOldChunks();
    return true;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
};

/** The program goes last: once it is there, all that it needs is there too. */
const moveFiles = (from: string, to: string): void => {
  const files = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(from, path)).isFile(),
  );
  const inOrder = files.sort((a, b) => Number(a === PROGRAM) - Number(b === PROGRAM));
  for (const path of inOrder) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    renameSync(join(from, path), join(to, path));
  }
};

/** Chunks of earlier builds stay for a while: a program that is running may still ask for them. */
const dropOldChunks = (): void => {
  const folder = join(DIST, "chunks");
  const isOld = (path: string): boolean => statSync(path).mtimeMs < Date.now() - KEEP_CHUNKS_MS;
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    if (isOld(path)) rmSync(path);
  }
};

if (!process.argv.includes("--if-stale") || isStale()) {
  const startedMs = performance.now();
  const isBuilt = await buildAll();
  const tookMs = Math.round(performance.now() - startedMs);
  process.stderr.write(isBuilt ? `Built dist/ in ${tookMs} ms.\n` : "Nothing was built.\n");
  if (!isBuilt) process.exitCode = 1;
}
