import type { TObject } from "typebox";
import type { Answer, Route } from "./route.ts";
import { problemSchema } from "./schemas.ts";

/** The API as OpenAPI 3.1, made from the very schemas that check each request. */
export function openApiDocument(routes: readonly Route[], serverUrl: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method] = operationOf(route);
    paths[route.path] = item;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tallystick node",
      version: "1",
      description: "A shared ledger on which public bodies run joined-up services.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: { schemas: { Problem: problemSchema } },
  };
}

function operationOf(route: Route): unknown {
  const parameters = [
    ...parametersOf(route.parameters, "path"),
    ...parametersOf(route.query, "query"),
  ];
  const answers = Object.entries(route.answers);
  const responses = {
    ...Object.fromEntries(answers.map(([status, answer]) => [status, said(answer)])),
    default: {
      description: "Refused: a problem document (RFC 9457) with a code and how to mend it.",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  };
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: bodyOf(route.body) }),
    responses,
  };
}

const operationId = ({ method, path }: Route): string =>
  `${method}-${path.replaceAll(/[^a-z]+/g, "-")}`.replaceAll(/-+$|-(?=-)/g, "");

function parametersOf(schema: TObject | undefined, place: "path" | "query"): unknown[] {
  const needed: readonly string[] = schema?.required ?? [];
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || needed.includes(name),
    schema: property,
  }));
}

const bodyOf = ({ contentType, maxBytes, schema }: NonNullable<Route["body"]>): unknown => ({
  required: true,
  content: {
    [contentType]: { schema: schema ?? { type: "string", format: "binary", maxLength: maxBytes } },
  },
});

const said = ({ what, contentType, schema }: Answer): unknown => ({
  description: what,
  ...(schema === undefined && contentType === undefined
    ? {}
    : { content: { [contentType ?? "application/json"]: schema === undefined ? {} : { schema } } }),
});
