import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "@tallystick/definitions";

const services = fileURLToPath(new URL("../../services", import.meta.url));

/** Every file of a service's folder, as the compiler takes them. */
export function serviceFiles(service: string): readonly SourceFile[] {
  const folder = join(services, service);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(folder, path), text: readFileSync(path, "utf8") }));
}

/** The files with one text replaced, which must stand in the file exactly once. */
export function mended(
  files: readonly SourceFile[],
  { path, find, put }: { path: string; find: string; put: string },
): readonly SourceFile[] {
  const file = files.find((one) => one.path === path);
  const count = (file?.text.split(find).length ?? 0) - 1;
  if (file === undefined || count !== 1)
    throw new Error(`"${find}" stands ${count} times in ${path}`);
  const text = file.text.replace(find, () => put);
  return files.map((one) => (one === file ? { path, text } : one));
}
