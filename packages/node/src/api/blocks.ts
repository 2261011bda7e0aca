import { decodeLeaf, encode } from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import type { Context } from "hono";
import { headerOf } from "../engine/replica.ts";
import type { ApiContext } from "./context.ts";
import { problem } from "./problem.ts";
import { identifyReader } from "./reader.ts";
import { bytes, integerOf, json, type Parameters, type Route } from "./route.ts";
import { blockSchema, blocksQuery, blocksSchema, MAX_LISTED, numberParameters } from "./schemas.ts";
import { headerJson, leafJson } from "./shape.ts";

/** Readers that wait for news at one time; more are answered 503. */
export const MAX_WAITING_READERS = 256;
/** Readers of the event stream at one time; more are answered 503. */
export const MAX_EVENT_CLIENTS = 64;
const HEARTBEAT_MS = 15_000;

/** Blocks, for readers and for followers. */
export const blockRoutes = (context: ApiContext): Route[] => [
  {
    method: "get",
    path: "/v1/blocks",
    summary: "Block headers from a number on, or the last ones; with wait, hold until there is one",
    query: blocksQuery,
    answers: { 200: { what: "Headers in order", schema: blocksSchema } },
    handle: (request, parameters) => listHeaders(context, request, parameters),
  },
  {
    method: "get",
    path: "/v1/blocks/{number}",
    summary: "One block: its header and leaves",
    parameters: numberParameters,
    answers: { 200: { what: "The block", schema: blockSchema } },
    handle: (_, parameters) => showBlock(context, parameters),
  },
  {
    method: "get",
    path: "/v1/blocks/{number}/bodies",
    summary: "What a follower executes again; for nodes that execute (signed request)",
    parameters: numberParameters,
    answers: {
      200: {
        what: "CBOR [time, proposer, site, [transaction bytes, …]]",
        contentType: "application/octet-stream",
      },
    },
    handle: (request, parameters) => showBodies(context, request, parameters),
  },
  eventRoute(context),
];

/** The stream of new blocks, with its own count of readers. */
function eventRoute(context: ApiContext): Route {
  const clients = { count: 0 };
  return {
    method: "get",
    path: "/v1/events",
    summary: "Each new block, as server-sent events",
    answers: { 200: { what: "Events named block", contentType: "text/event-stream" } },
    handle: (request) => streamBlocks(context, request, clients),
  };
}

async function listHeaders(
  { replica }: ApiContext,
  request: Context,
  parameters: Parameters,
): Promise<Response> {
  const last = integerOf(parameters, "last", 0);
  const first = last > 0 ? Math.max(1, replica.blockNumber - last + 1) : 1;
  const from = integerOf(parameters, "from", first);
  const waitMs = integerOf(parameters, "wait", 0) * 1000;
  if (waitMs > 0 && replica.blockNumber < from) {
    if (replica.committed.waiting >= MAX_WAITING_READERS) return problem("node/too-many-readers");
    const isThere = () => replica.blockNumber >= from;
    await replica.committed.until(isThere, waitMs, request.req.raw.signal);
  }
  const limit = integerOf(parameters, "limit", last > 0 ? last : MAX_LISTED);
  const blocks = replica.store.headers(from, limit).flatMap(({ header }) => {
    const decoded = decodeLeaf(header);
    const isHeader = decoded.ok && decoded.leaf.kind === "header";
    return isHeader ? [headerJson(decoded.leaf, header)] : [];
  });
  return json({ blocks });
}

function showBlock({ replica }: ApiContext, parameters: Parameters): Response {
  const block = replica.store.block(integerOf(parameters, "number", 0));
  const leaf = block?.leaves.at(-1);
  if (block === null || leaf === undefined) return problem("node/not-found");
  const first = replica.firstIndex(block.number);
  const leaves = block.leaves.map((bytes, at) => leafJson(first + at, bytes));
  return json({ header: headerJson(headerOf(block), leaf), leaves });
}

function showBodies(context: ApiContext, request: Context, parameters: Parameters): Response {
  const reader = identifyReader(context, request.req.raw);
  if (reader === null) return problem("node/bad-request-signature");
  if (reader.kind === "anyone") return problem("node/unsigned-request");
  if (reader.kind !== "executor") return problem("node/not-a-participant");
  const block = context.replica.store.block(integerOf(parameters, "number", 0));
  if (block === null) return problem("node/not-found");
  const { timeMs, proposer, site } = headerOf(block);
  return bytes(encode([timeMs, proposer, site, block.transactions]));
}

function streamBlocks(context: ApiContext, request: Context, clients: { count: number }): Response {
  if (clients.count >= MAX_EVENT_CLIENTS) return problem("node/too-many-readers");
  clients.count++;
  const { replica } = context;
  const abort = new AbortController();
  request.req.raw.signal.addEventListener("abort", () => abort.abort(), { once: true });
  abort.signal.addEventListener("abort", () => clients.count--, { once: true });
  let sent = replica.blockNumber;
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode("retry: 2000\n\n")),
    pull: async (controller) => {
      const isNew = await replica.committed.until(
        () => replica.blockNumber > sent,
        HEARTBEAT_MS,
        abort.signal,
      );
      if (abort.signal.aborted || (!isNew && replica.committed.isClosed)) {
        abort.abort();
        controller.close();
        return;
      }
      if (isNew) sent++;
      const event = isNew ? blockEvent(context, sent) : ": still here\n\n";
      controller.enqueue(encoder.encode(event));
    },
    cancel: () => abort.abort(),
  });
  return new Response(stream, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
  });
}

function blockEvent({ replica }: ApiContext, number: number): string {
  const block = replica.store.block(number);
  if (block === null) return ": not stored\n\n";
  const header = headerOf(block);
  const data = JSON.stringify({
    number,
    timeMs: Number(header.timeMs),
    transactions: block.transactions.length,
    size: header.firstIndex + header.count + 1,
    stateRoot: toHex(header.stateRoot),
  });
  return `id: ${number}\nevent: block\ndata: ${data}\n\n`;
}
