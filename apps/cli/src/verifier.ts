import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { runVerifyReceipt } from "@tallystick/client";
import { CannotRunError } from "./io.ts";

/** The standalone verifier as a module: the very file that people download. */
export interface Verifier {
  readonly runVerifyReceipt: typeof runVerifyReceipt;
}

const FILE = "verify.mjs";

/** Loads the built verifier, wherever the program runs from. Throws CannotRunError. */
export async function loadVerifier(): Promise<Verifier> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const path of [join(folder, FILE), join(folder, "dist", FILE)]) {
      if (existsSync(path)) return (await import(pathToFileURL(path).href)) as Verifier;
    }
    const parent = dirname(folder);
    if (parent === folder) {
      throw new CannotRunError(`${FILE} is not built here. Run npm run build first.`);
    }
    folder = parent;
  }
}
