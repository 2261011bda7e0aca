import { fromBase64Url, fromHex } from "@tallystick/log";
import { type IssueRequest, MAX_COPIES } from "./issue-facts.ts";
import type { Application } from "./judge-application.ts";
import { decodeOpenings } from "./openings.ts";
import { readJwk } from "./vct.ts";

/** The largest body that these resources read, in bytes. */
export const MAX_REQUEST_BYTES = 524_288;
const MAX_TEXT = 100_000;
const ID_BYTES = 16;

/** The JSON object in a request's body; null when it is too long or none. */
export async function readJson(
  request: Request,
): Promise<Readonly<Record<string, unknown>> | null> {
  const length = Number(request.headers.get("content-length") ?? "0");
  if (length > MAX_REQUEST_BYTES) return null;
  const text = await request.text();
  if (text.length > MAX_REQUEST_BYTES) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
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
export function readIssueRequest(
  json: Readonly<Record<string, unknown>> | null,
): Omit<IssueRequest, "type"> | null {
  const { person: id, holderKeys: keys } = json ?? {};
  const person = readId(id);
  if (person === null || !Array.isArray(keys) || keys.length < 1 || keys.length > MAX_COPIES) {
    return null;
  }
  const holderKeys = keys.map(readJwk).filter((key) => key !== null);
  return holderKeys.length === keys.length ? { person, holderKeys } : null;
}

/** An application, or null when the JSON is none. */
export function readApplication(
  json: Readonly<Record<string, unknown>> | null,
): Application | null {
  const { nonce, transaction, presentations, openings } = json ?? {};
  const bytes = typeof transaction === "string" ? fromBase64Url(transaction) : null;
  const fields = decodeOpenings(openings);
  if (typeof nonce !== "string" || bytes === null || fields === null) return null;
  if (!Array.isArray(presentations) || !presentations.every(isText)) return null;
  return { nonce, transaction: bytes, presentations, openings: fields };
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= MAX_TEXT;
