import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { runVerifyReceipt } from "@tallystick/client";
import { upwards } from "./files.ts";
import { CannotRunError } from "./io.ts";

/** The standalone verifier as a module: the very file that people download. */
export interface Verifier {
  readonly runVerifyReceipt: typeof runVerifyReceipt;
}

const FILE = "verify.mjs";

/** Loads the built verifier, wherever the program runs from. Throws CannotRunError. */
export async function loadVerifier(): Promise<Verifier> {
  for (const folder of upwards(import.meta.url)) {
    for (const path of [join(folder, FILE), join(folder, "dist", FILE)]) {
      if (existsSync(path)) return (await import(pathToFileURL(path).href)) as Verifier;
    }
  }
  throw new CannotRunError(`${FILE} is not built here. Run npm run build first.`);
}
