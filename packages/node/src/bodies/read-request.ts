import { fromBase64Url, fromHex } from "@tallystick/log";
import type { TObject } from "typebox";
import { Compile } from "typebox/schema";
import type { IssueRequest } from "./issue-facts.ts";
import type { Application } from "./judge-application.ts";
import { decodeOpenings } from "./openings.ts";
import { applicationBody, issueBody } from "./schemas.ts";
import { readJwk } from "./vct.ts";

/** The largest body that these resources read, in UTF-16 units. */
export const MAX_REQUEST_BYTES = 524_288;
const ID_BYTES = 16;

type JsonObject = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

// Compiled at the first request: a node that nobody asks keeps no validators.
const checks: Map<TObject, Check> = new Map();

function checkOf(schema: TObject): Check {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const compiled = Compile(schema);
  const check: Check = (value) => compiled.Check(value);
  checks.set(schema, check);
  return check;
}

/** The JSON in a request's body if it is of the schema's form and not too long; else null. */
export async function readJson(request: Request, schema: TObject): Promise<JsonObject | null> {
  const length = Number(request.headers.get("content-length") ?? "0");
  if (length > MAX_REQUEST_BYTES) return null;
  const text = await request.text();
  if (text.length > MAX_REQUEST_BYTES) return null;
  try {
    const value: unknown = JSON.parse(text);
    return checkOf(schema)(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** An id of 16 bytes in hex, or null. */
export function readId(value: unknown): Uint8Array | null {
  const id = typeof value === "string" ? fromHex(value) : null;
  return id?.length === ID_BYTES ? id : null;
}

/** A person and the keys to bind copies to, or null. */
export async function readIssueRequest(
  request: Request,
): Promise<Omit<IssueRequest, "type"> | null> {
  const { person: id, holderKeys: keys } = (await readJson(request, issueBody)) ?? {};
  const person = readId(id);
  if (person === null || !Array.isArray(keys)) return null;
  const holderKeys = keys.map(readJwk).filter((key) => key !== null);
  return holderKeys.length === keys.length ? { person, holderKeys } : null;
}

/** An application, or null when the body is none. */
export async function readApplication(request: Request): Promise<Application | null> {
  const json = await readJson(request, applicationBody);
  if (json === null) return null;
  const { nonce, transaction, presentations, openings } = json as {
    readonly nonce: string;
    readonly transaction: string;
    readonly presentations: readonly string[];
    readonly openings: readonly unknown[];
  };
  const bytes = fromBase64Url(transaction);
  const fields = decodeOpenings(openings);
  return bytes === null || fields === null
    ? null
    : { nonce, transaction: bytes, presentations, openings: fields };
}
