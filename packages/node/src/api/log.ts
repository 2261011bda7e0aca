import { logNoteKey, policyText } from "@tallystick/ledger";
import {
  encodeEntryBundle,
  formatVerifierKey,
  fromHex,
  hashTile,
  parseTilePath,
  type Tile,
  tileWidth,
} from "@tallystick/log";
import type { Context } from "hono";
import type { SignedCheckpoint } from "../checkpoint/book.ts";
import { formatStateReceipt } from "../checkpoint/receipt.ts";
import { MAX_WAITING_READERS } from "./blocks.ts";
import type { ApiContext } from "./context.ts";
import { problem } from "./problem.ts";
import { bytes, integerOf, type Parameters, type Route, text, textOf } from "./route.ts";
import { cosignaturesQuery, stateKeyParameters } from "./schemas.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
const CHECKPOINT = { 200: { what: "A C2SP signed checkpoint", contentType: "text/plain" } };

/** The log as C2SP's tools read it, and proofs of the state under it. */
export const logRoutes = (context: ApiContext): Route[] => [
  ...originRoutes(context),
  {
    method: "get",
    path: "/checkpoint",
    summary: "The newest signed checkpoint, with every cosignature that this node holds",
    answers: CHECKPOINT,
    handle: () => noteResponse(context, context.book.newest),
  },
  {
    method: "get",
    path: "/v1/cosignatures",
    summary: "The newest checkpoint that this node signed itself, of at least this size",
    query: cosignaturesQuery,
    answers: { ...CHECKPOINT, 204: { what: "None of that size within the wait" } },
    handle: (request, parameters) => ownCheckpoint(context, request, parameters),
  },
  {
    method: "get",
    path: "/v1/state-proofs/{key}",
    deep: true,
    summary: "What stands, or does not stand, under a key of the state: module:hex",
    parameters: stateKeyParameters,
    answers: { 200: { what: "A C2SP tlog-proof", contentType: "text/plain" } },
    handle: (_, parameters) => proveState(context, parameters),
  },
];

/** What never changes while an era lasts: who signs, and what the network began with. */
const originRoutes = (context: ApiContext): Route[] => [
  {
    method: "get",
    path: "/policy",
    summary: "Whose signatures make a receipt: pin it once, by another way if you can",
    answers: { 200: { what: "A C2SP tlog-policy", contentType: "text/plain" } },
    handle: () => {
      const { host, genesisBytes } = context.replica;
      return text(policyText(host.sha256, genesisBytes));
    },
  },
  {
    method: "get",
    path: "/log.vkey",
    summary: "The log's verifier key",
    answers: { 200: { what: "A C2SP vkey", contentType: "text/plain" } },
    handle: () => {
      const { host, state } = context.replica;
      return text(
        `${formatVerifierKey(host.sha256, logNoteKey(state.genesis, state.networkId))}\n`,
      );
    },
  },
  {
    method: "get",
    path: "/v1/genesis",
    summary: "Leaf 0: what the network began with",
    answers: { 200: { what: "CBOR", contentType: "application/cbor" } },
    handle: () => bytes(context.replica.genesisBytes, "application/cbor", FOR_EVER),
  },
];

/** C2SP tlog-tiles; their paths have parts of any number, so they stand outside the route table. */
export function tileResponse({ replica }: ApiContext, path: string): Response {
  const tile = parseTilePath(path.slice(1));
  if (tile === null || tile.width > tileWidth(tile.level, tile.index, replica.size)) {
    return problem("node/not-found");
  }
  return bytes(tileBytes(replica, tile), "application/octet-stream", FOR_EVER);
}

function tileBytes(replica: ApiContext["replica"], { level, index, width }: Tile): Uint8Array {
  if (level !== "entries") return hashTile(replica.tree, level, index, width);
  return encodeEntryBundle(replica.leaves(index * 256, index * 256 + width));
}

function noteResponse({ book }: ApiContext, entry: SignedCheckpoint | null): Response {
  return entry === null ? problem("node/not-found") : text(book.noteOf(entry));
}

async function ownCheckpoint(
  context: ApiContext,
  request: Context,
  parameters: Parameters,
): Promise<Response> {
  const size = integerOf(parameters, "size", 0);
  const waitMs = integerOf(parameters, "wait", 0) * 1000;
  const { changed } = context.book;
  const isThere = () => (newestOwn(context)?.checkpoint.size ?? -1) >= size;
  if (waitMs > 0 && !isThere() && changed.waiting >= MAX_WAITING_READERS) {
    return problem("node/too-many-readers");
  }
  const found = await changed.until(isThere, waitMs, request.req.raw.signal);
  const own = newestOwn(context);
  if (!found || own === null) return new Response(null, { status: 204 });
  return text(context.book.noteOf(own));
}

/** The orderer's word is the log's own signature; a follower's is its cosignatures. */
function newestOwn({ role, book, cosigners }: ApiContext): SignedCheckpoint | null {
  if (role === "orderer") return book.newest;
  const isOwn = (entry: SignedCheckpoint): boolean =>
    cosigners.some((name) => entry.cosignatures.has(name));
  return book.entries.find(isOwn) ?? null;
}

function proveState({ replica, book }: ApiContext, parameters: Parameters): Response {
  const [module = "", hex = ""] = textOf(parameters, "key").split(":");
  const key = fromHex(hex);
  if (key === null) return problem("node/bad-parameter");
  // The newest that meets the policy, else the newest signed.
  for (const entry of [book.final, book.newest]) {
    const receipt =
      entry === null ? null : formatStateReceipt(replica, book, entry, { module, key });
    if (receipt !== null) return text(receipt);
  }
  return problem("node/state-not-at-hand");
}
