import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One source file of the project: its path from the root and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The project's root folder. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

const SKIPPED = new Set(["node_modules", "dist", "build", "data", ".git", "coverage", ".cache"]);

/** Every file below `folder` (from the root) whose name ends in one of `endings`. */
export function sourcesIn(folder: string, endings: readonly string[] = [".ts", ".tsx"]): Source[] {
  const found: Source[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push({ path: relative(root, path), text: readFileSync(path, "utf8") });
      }
    }
  };
  walk(join(root, folder));
  return found;
}

/** True for a file that only tests load. */
export const isTest = (path: string): boolean =>
  path.endsWith(".test.ts") || path.endsWith(".test.tsx") || path.includes("/testing/");
