export type { ExplorerNode } from "./explorer-node.ts";
export { createPortalData, type Explorer } from "./portal-data.ts";
export { readPortalAssets, serveExplorer } from "./serve.ts";
