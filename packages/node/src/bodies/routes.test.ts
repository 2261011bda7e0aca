import { Hono } from "hono";
import { expect, test } from "vitest";
import { openApiDocument } from "../api/openapi.ts";
import { mountedOn } from "../api/route.ts";
import { MAX_REQUEST_BYTES } from "./read-request.ts";
import { codeOf } from "./testing/draft.ts";
import { Town } from "./testing/town.ts";

test("every resource of the bodies is described by the schemas that check it", async () => {
  const town = Town.found();
  const app = new Hono();
  town.nodes.get("councils")!.mount(app);
  const routes = mountedOn(app);
  const document = openApiDocument(routes, "http://localhost") as {
    paths: Record<string, Record<string, { requestBody?: { content: object } }>>;
  };
  expect(Object.keys(document.paths)).toContain("/v1/deliveries");
  expect(Object.keys(document.paths)).toContain("/v1/members/{member}/cases/{case}/erasure");
  for (const { method, path, body } of routes) {
    const described = document.paths[path]?.[method];
    expect(described?.requestBody === undefined, path).toBe(body === undefined);
    expect(JSON.stringify(described?.requestBody ?? {}), path).not.toContain("binary");
  }
  await town.close();
});

test.each([
  ["too long", "x".repeat(MAX_REQUEST_BYTES + 1)],
  ["no JSON", "{"],
  ["no object", "[]"],
  ["a member too many", '{"facts":{"dateOfBirth":"1950-02-28"},"more":1}'],
  ["nothing", ""],
])("a body that is %s is refused as malformed", async (_, body) => {
  const town = Town.found();
  const url = `${town.urlOf("registrar")}/v1/members/registrar/register/people`;
  const answer = await town.fetch(url, { method: "POST", body });
  expect([answer.status, await codeOf(answer)]).toEqual([400, "bodies/malformed-request"]);
  await town.close();
});
