import type { Context, Hono } from "hono";
import type { TObject, TSchema } from "typebox";
import { Compile } from "typebox/schema";
import { problem } from "./problem.ts";

/** Parameters after they were checked: integers as numbers, the rest as text. */
export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** One resource: what it takes, what it answers, and who answers. OpenAPI is made from this. */
export interface Route {
  readonly method: "get" | "post" | "delete";
  /** With `{name}` for each path parameter, as OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  /** Set when the path parameter may hold slashes. */
  readonly deep?: true;
  readonly parameters?: TObject;
  readonly query?: TObject;
  /** With a schema when it is JSON. */
  readonly body?: {
    readonly contentType: string;
    readonly maxBytes: number;
    readonly schema?: TSchema;
  };
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (context: Context, parameters: Parameters) => Response | Promise<Response>;
}

export interface Answer {
  readonly what: string;
  readonly contentType?: string;
  readonly schema?: TSchema;
}

const mounted: WeakMap<Hono, readonly Route[]> = new WeakMap();

/** Everything that was mounted, by whichever room of the node. */
export const mountedOn = (app: Hono): readonly Route[] => mounted.get(app) ?? [];

/** Registers routes so that each sees only parameters that its schema lets through. */
export function mount(app: Hono, routes: readonly Route[]): void {
  mounted.set(app, [...mountedOn(app), ...routes]);
  for (const route of routes) {
    // A parameter may hold slashes, as the names of the state's modules do.
    const path = route.path.replaceAll(/\{([a-z]+)\}/g, route.deep ? ":$1{.+}" : ":$1");
    app.on(route.method.toUpperCase(), path, checked(route));
  }
}

function checked(route: Route): (context: Context) => Response | Promise<Response> {
  let path: Check | null = null;
  let query: Check | null = null;
  return (context) => {
    path ??= checker(route.parameters);
    query ??= checker(route.query);
    const fromPath = path(context.req.param());
    const fromQuery = query(context.req.query());
    if (fromPath === null || fromQuery === null) {
      return problem("node/bad-parameter", { resource: route.path });
    }
    return route.handle(context, { ...fromPath, ...fromQuery });
  };
}

type Check = (given: Readonly<Record<string, string>>) => Parameters | null;

// Compiled at the first request: a node that nobody asks keeps no validators.
function checker(schema: TObject | undefined): Check {
  if (schema === undefined) return () => ({});
  const compiled = Compile(schema);
  return (given) => {
    const values = Object.entries(given).map(([name, text]) => [name, read(schema, name, text)]);
    const parameters = Object.fromEntries(values) as Parameters;
    return compiled.Check(parameters) ? parameters : null;
  };
}

const INTEGER = /^(0|[1-9]\d{0,14})$/;

function read(schema: TObject, name: string, text: string): string | number {
  const { type } = (schema.properties[name] ?? {}) as { type?: string };
  return type === "integer" && INTEGER.test(text) ? Number(text) : text;
}

/** A parameter that the schema made an integer; `otherwise` when it was left out. */
export const integerOf = (parameters: Parameters, name: string, otherwise: number): number => {
  const value = parameters[name];
  return typeof value === "number" ? value : otherwise;
};

/** A parameter that the schema made text; empty when it was left out. */
export const textOf = (parameters: Parameters, name: string): string => {
  const value = parameters[name];
  return typeof value === "string" ? value : "";
};

/** Answers JSON: never cached unless told for how long. */
export const json = (
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  });

/** Answers text. */
export const text = (value: string, headers: Record<string, string> = {}): Response =>
  new Response(value, {
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-store",
      ...headers,
    },
  });

/** Answers bytes. */
export const bytes = (
  value: Uint8Array,
  contentType = "application/octet-stream",
  cacheControl = "no-store",
): Response =>
  new Response(new Uint8Array(value), {
    headers: { "Content-Type": contentType, "Cache-Control": cacheControl },
  });
