import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CannotRunError } from "./io.ts";

/** The folder of a public service, wherever the program runs from: its sources or its bundle. */
export function serviceFolder(service: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, "services", service);
    if (existsSync(join(candidate, "service.yaml"))) return candidate;
    const parent = dirname(folder);
    if (parent === folder)
      throw new CannotRunError(`The service ${service} is not installed here.`);
    folder = parent;
  }
}

/** Reads and parses a JSON file that ships with the program. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
