import { type Context, Hono } from "hono";
import { type Page, renderPage } from "./layout.tsx";
import { agreementsPage } from "./pages/agreements/page.tsx";
import { blockPage } from "./pages/block/page.tsx";
import { blocksPage } from "./pages/blocks/page.tsx";
import { definitionPage } from "./pages/definition/page.tsx";
import { definitionsPage } from "./pages/definitions/page.tsx";
import { membersPage } from "./pages/members/page.tsx";
import { notFoundPage } from "./pages/not-found/page.tsx";
import { overviewPage } from "./pages/overview/page.tsx";
import { receiptCheckPage } from "./pages/receipt-check/page.tsx";
import { transactionPage } from "./pages/transaction/page.tsx";
import type { PortalData } from "./portal-data.ts";
import { renderReceiptDocument } from "./receipt-document/document.tsx";

/** Blocks on one page. */
const BLOCKS_PER_PAGE = 50;

/** Files that pages refer to; the host reads them, so that the portal itself touches no disk. */
export interface PortalAssets {
  readonly "style.css": string;
  readonly "check.js": string;
  readonly "icon.svg": string;
}

const ASSET_TYPES: Readonly<Record<keyof PortalAssets, string>> = {
  "style.css": "text/css; charset=utf-8",
  "check.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

/** Nothing inline, nothing from elsewhere, and no script that writes HTML. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** The explorer as a Request → Response application: read-only, no cookies, no state. */
export const createPortal = (data: PortalData, assets: PortalAssets): Hono => {
  const portal = new Hono();
  portal.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  addPages(portal, data);
  addReceipts(portal, data);
  addAssets(portal, assets);
  portal.notFound((context) => show(context, data, null));
  return portal;
};

const show = async (context: Context, data: PortalData, page: Page | null): Promise<Response> => {
  const { network } = await data.overview();
  return context.html(renderPage(page ?? notFoundPage(), network), page === null ? 404 : 200);
};

const addPages = (portal: Hono, data: PortalData): void => {
  portal.get("/", async (context) => show(context, data, overviewPage(await data.overview())));
  portal.get("/blocks", async (context) => {
    const before = blockNumber(context.req.query("before"));
    const view = await data.blocks({ before, limit: BLOCKS_PER_PAGE });
    return show(context, data, blocksPage(view));
  });
  portal.get("/blocks/:number", async (context) => {
    const number = blockNumber(context.req.param("number"));
    const view = number === null ? null : await data.block(number);
    return show(context, data, view && blockPage(view));
  });
  portal.get("/transactions/:id", async (context) => {
    const id = context.req.param("id");
    const view = isHash(id) ? await data.transaction(id) : null;
    return show(context, data, view && transactionPage(view, await data.receipt(id)));
  });
  portal.get("/members", async (context) => show(context, data, membersPage(await data.members())));
  portal.get("/definitions", async (context) =>
    show(context, data, definitionsPage(await data.definitions())),
  );
  portal.get("/definitions/:hash", async (context) => {
    const hash = context.req.param("hash");
    const view = isHash(hash) ? await data.definition(hash) : null;
    return show(context, data, view && definitionPage(view));
  });
  portal.get("/agreements", async (context) =>
    show(context, data, agreementsPage(await data.agreements())),
  );
  portal.get("/check", async (context) =>
    show(context, data, receiptCheckPage(await data.policy())),
  );
};

const addReceipts = (portal: Hono, data: PortalData): void => {
  portal.get("/check/policy.txt", async (context) => context.text(await data.policy()));
  portal.get("/transactions/:id/receipt.tlog-proof", async (context) => {
    const receipt = await receiptFor(data, context.req.param("id"));
    if (receipt === null) return show(context, data, null);
    return context.text(receipt.text, 200, download(context, "tlog-proof"));
  });
  portal.get("/transactions/:id/receipt.html", async (context) => {
    const id = context.req.param("id");
    const receipt = await receiptFor(data, id);
    const view = receipt && (await data.transaction(id));
    if (!receipt || !view) return show(context, data, null);
    const { network } = await data.overview();
    const html = renderReceiptDocument({ ...receipt, network, transaction: view });
    return context.html(html, 200, download(context, "html"));
  });
};

const receiptFor = async (
  data: PortalData,
  id: string,
): Promise<{ readonly text: string; readonly operators: number } | null> => {
  const receipt = isHash(id) ? await data.receipt(id) : null;
  return receipt?.stage === "ready" ? receipt : null;
};

const download = (context: Context, extension: string): Record<string, string> => {
  const id = context.req.param("id")?.slice(0, 16);
  return { "content-disposition": `attachment; filename="${id}.${extension}"` };
};

const addAssets = (portal: Hono, assets: PortalAssets): void => {
  for (const name of Object.keys(ASSET_TYPES) as (keyof PortalAssets)[]) {
    portal.get(`/assets/${name}`, (context) =>
      context.body(assets[name], 200, { "content-type": ASSET_TYPES[name] }),
    );
  }
};

const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

const blockNumber = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
