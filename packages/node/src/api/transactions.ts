import { decodeLeaf, MAX_TRANSACTION_BYTES } from "@tallystick/ledger";
import { fromHex, toBase64, toHex } from "@tallystick/log";
import type { Context } from "hono";
import { finalCheckpointOver, formatReceipt } from "../checkpoint/receipt.ts";
import type { Fate } from "../engine/queue.ts";
import type { ApiContext } from "./context.ts";
import { problem } from "./problem.ts";
import { readBody } from "./read-body.ts";
import { identifyReader, mayReadBody, type Reader, transactionBytes } from "./reader.ts";
import { integerOf, json, type Parameters, type Route, text, textOf } from "./route.ts";
import {
  acceptedSchema,
  idParameters,
  listQuery,
  MAX_LISTED,
  receiptQuery,
  recordedSchema,
  submitQuery,
  transactionSchema,
} from "./schemas.ts";
import { outcomeJson } from "./shape.ts";

/** Handing transactions in, and asking what became of them. */
export const transactionRoutes = (context: ApiContext): Route[] => [
  {
    method: "post",
    path: "/v1/transactions",
    summary: "Hand in a signed transaction; with wait=true, answer when it is durably recorded",
    query: submitQuery,
    body: { contentType: "application/cose", maxBytes: MAX_TRANSACTION_BYTES },
    answers: {
      200: { what: "Recorded, with its outcome", schema: recordedSchema },
      202: { what: "Checked and waiting for its block", schema: acceptedSchema },
    },
    handle: (request, parameters) => submit(context, request, parameters),
  },
  {
    method: "get",
    path: "/v1/transactions",
    summary: "The newest transactions, below a position in the log",
    query: listQuery,
    answers: { 200: { what: "Ids, places, kinds and outcomes" } },
    handle: (_, parameters) => list(context, parameters),
  },
  {
    method: "get",
    path: "/v1/transactions/{id}",
    summary: "One transaction: its leaf, and its bytes for those who may see them",
    parameters: idParameters,
    answers: { 200: { what: "The transaction", schema: transactionSchema } },
    handle: (request, parameters) => show(context, request, parameters),
  },
  receiptRoute(context),
];

const receiptRoute = (context: ApiContext): Route => ({
  method: "get",
  path: "/v1/receipts/{id}",
  summary: "The receipt, once enough operators stand behind it",
  parameters: idParameters,
  query: receiptQuery,
  answers: {
    200: { what: "A C2SP tlog-proof", contentType: "text/plain" },
    202: { what: "Recorded, but the policy is not met yet: ask again" },
  },
  handle: (request, parameters) => receipt(context, request, parameters),
});

async function submit(
  context: ApiContext,
  request: Context,
  parameters: Parameters,
): Promise<Response> {
  const contentType = request.req.header("content-type") ?? "";
  if (!contentType.startsWith("application/cose")) return problem("node/bad-content-type");
  const wait = textOf(parameters, "wait") === "true";
  const bytes = await readBody(request.req.raw, MAX_TRANSACTION_BYTES);
  if (bytes === null) return problem("transaction/too-large");
  const handed = await context.handIn(bytes, wait);
  switch (handed.kind) {
    case "refused":
      return problem(handed.code);
    case "forwarded": {
      const { status, contentType: type, body } = handed.answer;
      const headers = { "Content-Type": type, "Cache-Control": "no-store" };
      return new Response(new Uint8Array(body), { status, headers });
    }
    case "queued": {
      const id = toHex(handed.id);
      const location = { Location: `/v1/transactions/${id}` };
      return wait ? recorded(id, await handed.fate) : json({ id }, 202, location);
    }
  }
}

function recorded(id: string, fate: Fate): Response {
  if (!fate.recorded) return problem(fate.code, { id });
  const { block, leafIndex, blockTimeMs, refusal } = fate;
  const outcome = outcomeJson(refusal === null ? { ok: true } : { ok: false, ...refusal });
  return json({ id, outcome, block, leafIndex, timeMs: blockTimeMs });
}

function list(context: ApiContext, parameters: Parameters): Response {
  const before = integerOf(parameters, "before", Number.MAX_SAFE_INTEGER);
  const rows = context.views.transactions(before, integerOf(parameters, "limit", 50));
  const transactions = rows.slice(0, MAX_LISTED).map((row) => ({
    id: toHex(row.id),
    block: row.block,
    leafIndex: row.leafIndex,
    kinds: row.kinds,
    refusal: row.refusal,
  }));
  return json({ transactions });
}

interface Found {
  readonly id: string;
  readonly block: number;
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  readonly bytes: Uint8Array;
}

function find(context: ApiContext, parameters: Parameters): Found | null {
  const id = textOf(parameters, "id");
  const hash = fromHex(id) ?? new Uint8Array();
  const place = context.views.find(hash);
  const bytes = place === null ? null : transactionBytes(context, hash);
  if (place === null || bytes === null) return null;
  const { block, leafIndex } = place;
  const [leaf] = context.replica.leaves(leafIndex, leafIndex + 1);
  return leaf === undefined ? null : { id, block, leafIndex, leaf, bytes };
}

function show(context: ApiContext, request: Context, parameters: Parameters): Response {
  const found = find(context, parameters);
  if (found === null) return problem("node/not-found");
  const reader = identifyReader(context, request.req.raw);
  if (reader === null) return problem("node/bad-request-signature");
  const { id, block, leafIndex, leaf, bytes } = found;
  const decoded = decodeLeaf(leaf);
  if (!decoded.ok || decoded.leaf.kind !== "transaction") return problem("node/broken");
  const isPublic = mayReadBody(context, { kind: "anyone" }, bytes);
  const [row] = context.views.transactions(leafIndex + 1, 1);
  return json({
    id,
    outcome: outcomeJson(decoded.leaf.outcome),
    block,
    leafIndex,
    timeMs: Number(decoded.leaf.blockTimeMs),
    leaf: toBase64(leaf),
    kinds: row?.kinds ?? [],
    public: isPublic,
    ...(mayReadBody(context, reader, bytes) ? { bytes: toBase64(bytes) } : {}),
  });
}

async function receipt(
  context: ApiContext,
  request: Context,
  parameters: Parameters,
): Promise<Response> {
  const found = find(context, parameters);
  if (found === null) return problem("node/not-found");
  const reader = identifyReader(context, request.req.raw);
  if (reader === null) return problem("node/bad-request-signature");
  const { book } = context;
  const isFinal = () => finalCheckpointOver(book, found.leafIndex) !== null;
  await book.changed.until(
    isFinal,
    integerOf(parameters, "wait", 0) * 1000,
    request.req.raw.signal,
  );
  const entry = finalCheckpointOver(book, found.leafIndex);
  if (entry === null) return json({ id: found.id }, 202, { "Retry-After": "1" });
  const subject = { ...found, transaction: visibleBody(context, reader, found.bytes) };
  return text(formatReceipt(context.replica, book, entry, subject), {
    "Content-Disposition": `inline; filename="receipt-${found.id.slice(0, 12)}.txt"`,
  });
}

const visibleBody = (context: ApiContext, reader: Reader, bytes: Uint8Array): Uint8Array | null =>
  mayReadBody(context, reader, bytes) ? bytes : null;
