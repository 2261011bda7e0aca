import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { equal } from "@tallystick/log";
import { StoreRefused } from "../store/database.ts";

/** Writes a file that never changes, or makes sure that the one there is the same. */
export function keepFile(path: string, bytes: Uint8Array): void {
  if (existsSync(path)) {
    if (equal(new Uint8Array(readFileSync(path)), bytes)) return;
    throw new StoreRefused("node/store-is-foreign", `${path} is not this network's.`);
  }
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
