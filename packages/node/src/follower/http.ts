import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { type RequestSigner, signRequest } from "../crypto/http-signature.ts";

/** The largest answer that a node takes from another. */
export const MAX_RESPONSE_BYTES: number = 64 * 1024 * 1024;

/** A request to another node that came to nothing. */
export class PeerUnreachable extends Error {
  readonly code = "node/peer-unreachable";
  constructor(cause: unknown) {
    super("The other node does not answer.", { cause });
    this.name = "PeerUnreachable";
  }
}

export interface PeerRequest {
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly target: string;
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly timeoutMs: number;
  readonly abort?: AbortSignal;
}

export interface PeerAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Another operator's node, by its address. Requests are signed when a signer is given. */
export class PeerClient {
  readonly address: URL;
  readonly #signer: RequestSigner | null;
  readonly #nowMs: () => number;
  readonly #agent: Agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(address: string, nowMs: () => number, signer: RequestSigner | null) {
    this.address = new URL(address);
    this.#nowMs = nowMs;
    this.#signer = signer;
  }

  /** Throws PeerUnreachable when no whole answer comes. */
  async send(request: PeerRequest): Promise<PeerAnswer> {
    try {
      return await this.#send(request);
    } catch (cause) {
      throw new PeerUnreachable(cause);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send({
    method,
    target,
    body,
    contentType,
    timeoutMs,
    abort,
  }: PeerRequest): Promise<PeerAnswer> {
    const url = new URL(target, this.address);
    const signed =
      this.#signer === null
        ? {}
        : signRequest({ method, url }, this.#signer, Math.floor(this.#nowMs() / 1000));
    const headers = {
      ...signed,
      ...(contentType === undefined ? {} : { "Content-Type": contentType }),
      ...(body === undefined ? {} : { "Content-Length": body.length }),
    };
    const send = url.protocol === "https:" ? (await import("node:https")).request : httpRequest;
    const agent = url.protocol === "https:" ? {} : { agent: this.#agent };
    return await new Promise<PeerAnswer>((resolve, reject) => {
      const options = {
        ...agent,
        method,
        headers,
        timeout: timeoutMs,
        ...(abort ? { signal: abort } : {}),
      };
      const request = send(url, options, (response) => {
        readAnswer(response).then(resolve, reject);
      });
      request.on("error", reject);
      request.on("timeout", () => request.destroy(new Error("timed out")));
      request.end(body);
    });
  }
}

/** Another node's clock in milliseconds since 1970; null when it does not answer at once. */
export async function clockOf(peer: PeerClient): Promise<number | null> {
  try {
    const answer = await peer.send({ method: "GET", target: "/healthz", timeoutMs: 2_000 });
    const { nowMs } = JSON.parse(Buffer.from(answer.body).toString("utf8")) as { nowMs?: unknown };
    return typeof nowMs === "number" ? nowMs : null;
  } catch {
    return null;
  }
}

async function readAnswer(response: IncomingMessage): Promise<PeerAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_RESPONSE_BYTES) throw new Error("the answer is too long");
    parts.push(part);
  }
  const { "content-type": contentType = "" } = response.headers;
  return {
    status: response.statusCode ?? 0,
    contentType,
    body: new Uint8Array(Buffer.concat(parts)),
  };
}
