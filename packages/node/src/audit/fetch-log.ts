import { decodeUtf8 } from "@tallystick/log";
import { reasonOf } from "./report.ts";

/** An entry bundle has at most 256 entries of 65,535 bytes and their lengths. */
export const MAX_ANSWER_BYTES: number = 256 * 65_537;
const TIMEOUT_MS = 30_000;

/** The node does not answer, or not as a node does. */
export class NodeNotReadable extends Error {
  readonly code = "node/audit-unreachable";
}

export type FetchLike = (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;

/** Reads a node's public resources, each within named bounds. */
export class LogFetcher {
  readonly #url: string;
  readonly #fetch: FetchLike;

  constructor(url: string, fetchWith: FetchLike) {
    this.#url = url.replace(/\/+$/, "");
    this.#fetch = fetchWith;
  }

  /** The bytes under a path. Throws NodeNotReadable on any answer but 200. */
  async bytes(path: string): Promise<Uint8Array> {
    const address = `${this.#url}${path}`;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await this.#fetch(address, { signal });
      if (answer.status !== 200) throw new NodeNotReadable(`${address} answers ${answer.status}.`);
      return await readAll(answer, address);
    } catch (cause) {
      if (cause instanceof NodeNotReadable) throw cause;
      throw new NodeNotReadable(`${address} cannot be read: ${reasonOf(cause)}.`);
    }
  }

  async text(path: string): Promise<string> {
    const text = decodeUtf8(await this.bytes(path));
    if (text === null) throw new NodeNotReadable(`${this.#url}${path} is not text.`);
    return text;
  }

  async json(path: string): Promise<unknown> {
    try {
      return JSON.parse(await this.text(path));
    } catch (cause) {
      if (cause instanceof NodeNotReadable) throw cause;
      throw new NodeNotReadable(`${this.#url}${path} is not JSON.`);
    }
  }
}

async function readAll(answer: Response, address: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of answer.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new NodeNotReadable(`${address} is too large.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
