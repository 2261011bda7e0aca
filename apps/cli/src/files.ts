import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CannotRunError } from "./io.ts";

/** The folder of a file and every folder above it: a program finds its parts from where it runs. */
export function* upwards(fileUrl: string): Generator<string> {
  let folder = dirname(fileURLToPath(fileUrl));
  for (;;) {
    yield folder;
    const parent = dirname(folder);
    if (parent === folder) return;
    folder = parent;
  }
}

/** The folder of a public service, wherever the program runs from: its sources or its bundle. */
export function serviceFolder(service: string): string {
  for (const folder of upwards(import.meta.url)) {
    const candidate = join(folder, "services", service);
    if (existsSync(join(candidate, "service.yaml"))) return candidate;
  }
  throw new CannotRunError(`The service ${service} is not installed here.`);
}

/** Reads and parses a JSON file that ships with the program. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
