import { toHex } from "@tallystick/log";
import { Hono } from "hono";
import { blockRoutes } from "./blocks.ts";
import type { ApiContext } from "./context.ts";
import { listRoutes } from "./lists.ts";
import { logRoutes, tileResponse } from "./log.ts";
import { openApiDocument } from "./openapi.ts";
import { problem } from "./problem.ts";
import { json, mount, mountedOn, type Route } from "./route.ts";
import { healthSchema, networkSchema } from "./schemas.ts";
import { transactionRoutes } from "./transactions.ts";

/** The node's HTTP interface: requests in, responses out, no socket. */
export function createApi(context: ApiContext): Hono {
  const app = new Hono();
  const routes = [
    ...transactionRoutes(context),
    ...blockRoutes(context),
    ...logRoutes(context),
    ...listRoutes(context),
    ...nodeRoutes(context),
  ];
  app.use(async ({ res }, next) => {
    if (context.isStopping()) return problem("node/stopping");
    await next();
    res.headers.set("X-Content-Type-Options", "nosniff");
    return undefined;
  });
  mount(app, routes);
  app.get("/tile/*", ({ req }) => tileResponse(context, new URL(req.url).pathname));
  app.get("/openapi.json", () => json(openApiDocument(mountedOn(app), context.url())));
  context.routes?.(app);
  app.notFound(() => problem("node/not-found"));
  app.onError(() => problem("node/broken"));
  return app;
}

const nodeRoutes = (context: ApiContext): Route[] => [
  {
    method: "get",
    path: "/v1/network",
    summary: "Which network this is, who runs it, and the node's clock",
    answers: { 200: { what: "The network", schema: networkSchema } },
    handle: () => json(networkJson(context)),
  },
  {
    method: "get",
    path: "/healthz",
    summary: "Whether the node does its work, and how far it is",
    answers: { 200: { what: "It does", schema: healthSchema }, 503: { what: "It does not" } },
    handle: () => {
      const health = healthJson(context);
      return json(health, health.fault === null ? 200 : 503);
    },
  },
];

function networkJson({ replica, clock, operatorId, role }: ApiContext): unknown {
  const { genesis, networkId } = replica.state;
  return {
    networkId: toHex(networkId),
    origin: replica.origin,
    name: genesis.name,
    // Block time runs ahead of the clock by a millisecond a block at most.
    nowMs: Math.max(clock.nowMs(), Number(replica.lastTimeMs)),
    operator: operatorId,
    role,
    orderer: genesis.orderer,
    demonstration: genesis.demonstration,
    readPolicy: Number(genesis.readPolicy),
    operators: genesis.operators.map(({ id, name, address }) => ({ id, name, address })),
    members: genesis.members.map(({ id, name, operatorId: operator, areas, roles }) => ({
      id,
      name,
      operator,
      areas,
      roles,
    })),
    parameters: Object.fromEntries(
      genesis.parameters.map(({ name, value }) => [name, Number(value)]),
    ),
  };
}

function healthJson(context: ApiContext) {
  const { replica, book, role, operatorId, clock } = context;
  const fault = context.fault();
  return {
    status: fault === null ? "ok" : "standing still",
    role,
    operator: operatorId,
    blocks: replica.blockNumber,
    entries: replica.size,
    nowMs: clock.nowMs(),
    checkpoint: book.newest?.checkpoint.size ?? 0,
    final: book.final?.checkpoint.size ?? 0,
    logRoot: toHex(replica.tree.root()),
    fault,
  };
}
