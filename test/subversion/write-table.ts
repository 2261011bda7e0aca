/** Writes the table of lies into SECURITY.md: `node test/subversion/write-table.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { LIES } from "./lies.ts";
import { tableOf, withTable } from "./table.ts";

const page = new URL("../../SECURITY.md", import.meta.url);
writeFileSync(page, withTable(readFileSync(page, "utf8"), tableOf(LIES)));
