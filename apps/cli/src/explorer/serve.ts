import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPortal, type PortalAssets } from "@tallystick/portal";
import type { ExplorerNode } from "./explorer-node.ts";
import { createPortalData } from "./portal-data.ts";

type App = ReturnType<typeof createPortal>;

/** What belongs to the node's own interface; everything else is a page or is not there. */
const API_PREFIXES: readonly string[] = ["/v1/", "/tile/"];

/** Reads what the pages refer to, as the build leaves it: `dist/public`. */
export const readPortalAssets = (directory: string): PortalAssets => {
  const read = (name: string): string => readFileSync(join(directory, name), "utf8");
  return {
    "style.css": read("style.css"),
    "check.js": read("check.js"),
    "icon.svg": read("icon.svg"),
  };
};

/**
 * Puts the explorer beside a node's own interface: the option `routes` of `startNode` hands in the
 * application and the ledger's side of the node.
 */
export const serveExplorer = (app: App, node: ExplorerNode, assets: PortalAssets): void => {
  const explorer = createPortalData(node);
  const portal = createPortal(explorer, assets);
  app.get("/transactions/:id/transaction.cose", (context) => {
    const id = context.req.param("id");
    const bytes = explorer.transactionBytes(id);
    if (bytes === null) return portal.fetch(context.req.raw);
    return context.body(new Uint8Array(bytes), 200, {
      "content-type": "application/cose",
      "content-disposition": `attachment; filename="${id.slice(0, 16)}.cose"`,
      "x-content-type-options": "nosniff",
    });
  });
  app.get("*", (context, next) =>
    API_PREFIXES.some((prefix) => context.req.path.startsWith(prefix))
      ? next()
      : portal.fetch(context.req.raw),
  );
};
