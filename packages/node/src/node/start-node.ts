import type { ServerType } from "@hono/node-server";
import type { NodeOptions, RunningNode } from "./options.ts";

/** A node answers on loopback unless told otherwise. */
export const DEFAULT_HOST = "127.0.0.1";
/** How long a node that stops lets answers under way be finished. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Starts one operator's node: opens its ledger, brings its state up to date, answers requests, and
 * orders or follows. Resolves when it answers. Throws StoreRefused, SigningRefused or
 * RuntimeDisagrees when it must not run.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  // Loaded here, so that a command which starts no node does not hold a server in memory.
  const [{ LedgerSide }, { createApi }, { createAdaptorServer }] = await Promise.all([
    import("./ledger-side.ts"),
    import("../api/create-api.ts"),
    import("@hono/node-server"),
  ]);
  const ledger = new LedgerSide(options);
  const host = options.host ?? DEFAULT_HOST;
  let url = "";
  const api = createApi(ledger.apiContext(() => url));
  const server = createAdaptorServer({ fetch: api.fetch, hostname: host });
  try {
    url = await listen(server, host, options.port);
  } catch (cause) {
    await ledger.stop();
    throw cause;
  }
  ledger.start();
  return {
    url,
    ledger,
    close: async () => {
      const closed = closeServer(server);
      await ledger.stop();
      await closed;
    },
  };
}

function listen(server: ServerType, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** Answers under way are finished; whoever holds a socket open after that is cut off. */
function closeServer(server: ServerType): Promise<void> {
  const cutOff = setTimeout(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}
