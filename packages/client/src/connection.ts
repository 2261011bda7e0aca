import type { Outcome } from "@tallystick/ledger";
import { fromHex, type Hash, toHex } from "@tallystick/log";
import { OutcomeError, ReceiptError, SubmitError } from "./errors.ts";
import {
  ask,
  type Endpoint,
  readBytes,
  readObject,
  readProblem,
  refusedAnswer,
  sayProblem,
  unexpected,
} from "./http.ts";

/** What a client needs to know of a network before it can build a transaction. */
export interface NetworkState {
  readonly networkId: Hash;
  readonly origin: string;
  /** The node's block clock in milliseconds since 1970: use it as `now`. */
  readonly nowMs: bigint;
}

/** Where a transaction stands, once it is on disk. */
export interface Recorded {
  readonly id: Hash;
  readonly outcome: Outcome;
  readonly block: number;
  readonly leafIndex: number;
}

export interface ConnectionOptions extends Endpoint {
  /** Waits so many milliseconds; handed in, so that tests need no clock. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly pollMs?: number;
  readonly maxPolls?: number;
}

/** One node, asked over HTTP. */
export interface Connection {
  readonly network: () => Promise<NetworkState>;
  /** Hands a transaction in and returns its id. Throws SubmitError when it is not admitted. */
  readonly submit: (bytes: Uint8Array) => Promise<Hash>;
  /** Hands a transaction in and waits until it is durably recorded. Throws SubmitError. */
  readonly submitAndWait: (bytes: Uint8Array) => Promise<Recorded>;
  /** Null while it is not recorded. */
  readonly outcome: (id: Hash) => Promise<Recorded | null>;
  /** Throws OutcomeError `client/outcome-timeout`. */
  readonly awaitOutcome: (id: Hash) => Promise<Recorded>;
  /** The receipt's text; null until the policy is met. */
  readonly receipt: (id: Hash) => Promise<string | null>;
  /** Throws ReceiptError `client/receipt-timeout`. */
  readonly awaitReceipt: (id: Hash) => Promise<string>;
  /** The policy as this node serves it: pin it once, by another way if you can. */
  readonly policy: () => Promise<string>;
}

const DEFAULT_POLL_MS = 100;
const DEFAULT_MAX_POLLS = 100;
/** A node holds the answer back for so long, until the other operators have signed. */
const RECEIPT_WAIT_SECONDS = 10;
const MEDIA_TYPE = "application/cose";

/** Connects to a node; nothing is asked until a method is called. */
export const connect = (options: ConnectionOptions): Connection => {
  const outcome = (id: Hash): Promise<Recorded | null> => fetchOutcome(options, id);
  const receipt = (id: Hash): Promise<string | null> => fetchReceipt(options, id, 0);
  return {
    network: () => fetchNetwork(options),
    submit: (bytes) => submit(options, bytes),
    submitAndWait: (bytes) => submitAndWait(options, bytes),
    outcome,
    awaitOutcome: (id) => poll(options, () => outcome(id), outcomeTimeout),
    receipt,
    awaitReceipt: (id) =>
      poll(options, () => fetchReceipt(options, id, RECEIPT_WAIT_SECONDS), receiptTimeout),
    policy: async () => {
      const response = await ask(options, "/policy");
      if (!response.ok) throw await refusedAnswer(response);
      return readText(response);
    },
  };
};

const outcomeTimeout = (): OutcomeError =>
  new OutcomeError("client/outcome-timeout", {
    message: "The transaction is not recorded yet. It still may be, until it expires.",
  });

const receiptTimeout = (): ReceiptError =>
  new ReceiptError("client/receipt-timeout", {
    message: "The receipt still lacks signatures of other operators. Ask again later.",
  });

const poll = async <T>(
  options: ConnectionOptions,
  attempt: () => Promise<T | null>,
  timeout: () => Error,
): Promise<T> => {
  const maxPolls = options.maxPolls ?? DEFAULT_MAX_POLLS;
  for (let polls = 0; polls < maxPolls; polls++) {
    const found = await attempt();
    if (found !== null) return found;
    await options.wait(options.pollMs ?? DEFAULT_POLL_MS);
  }
  throw timeout();
};

const readText = async (response: Response): Promise<string> =>
  new TextDecoder().decode(await readBytes(response));

const fetchNetwork = async (endpoint: Endpoint): Promise<NetworkState> => {
  const response = await ask(endpoint, "/v1/network");
  if (!response.ok) throw await refusedAnswer(response);
  const { networkId, origin, nowMs } = (await readObject(response)) as {
    readonly networkId?: unknown;
    readonly origin?: unknown;
    readonly nowMs?: unknown;
  };
  const id = readHash(networkId);
  if (id === null || typeof origin !== "string" || !isCount(nowMs)) {
    throw unexpected("The node does not say which network it is of.");
  }
  return { networkId: id, origin, nowMs: BigInt(nowMs) };
};

const post = async (endpoint: Endpoint, path: string, bytes: Uint8Array): Promise<Response> => {
  const response = await ask(endpoint, path, {
    method: "POST",
    headers: { "content-type": MEDIA_TYPE },
    body: bytes.slice(),
  });
  if (response.ok) return response;
  const problem = await readProblem(response);
  throw new SubmitError(problem.code, { message: sayProblem(problem), problem });
};

const submit = async (endpoint: Endpoint, bytes: Uint8Array): Promise<Hash> => {
  const response = await post(endpoint, "/v1/transactions", bytes);
  const { id } = (await readObject(response)) as { readonly id?: unknown };
  const hash = readHash(id);
  if (hash === null) throw unexpected("The node does not say which id it took.");
  return hash;
};

const submitAndWait = async (endpoint: Endpoint, bytes: Uint8Array): Promise<Recorded> =>
  readRecorded(await post(endpoint, "/v1/transactions?wait=true", bytes));

const fetchOutcome = async (endpoint: Endpoint, id: Hash): Promise<Recorded | null> => {
  const response = await ask(endpoint, `/v1/transactions/${toHex(id)}`);
  if (response.status === 404 || response.status === 202) return null;
  if (!response.ok) throw await refusedAnswer(response);
  return readRecorded(response);
};

const fetchReceipt = async (
  endpoint: Endpoint,
  id: Hash,
  waitSeconds: number,
): Promise<string | null> => {
  const query = waitSeconds === 0 ? "" : `?wait=${waitSeconds}`;
  const response = await ask(endpoint, `/v1/receipts/${toHex(id)}${query}`);
  if (response.status === 202) return null;
  if (response.ok) return readText(response);
  const { message, code, problem } = await refusedAnswer(response);
  throw new ReceiptError(code, { message, ...(problem === null ? {} : { problem }) });
};

const readRecorded = async (response: Response): Promise<Recorded> => {
  const body = (await readObject(response)) as { readonly [K in keyof Recorded]?: unknown };
  const id = readHash(body.id);
  const outcome = readOutcome(body.outcome);
  const { block, leafIndex } = body;
  if (id === null || outcome === null || !isCount(block) || !isCount(leafIndex)) {
    throw unexpected("The node does not say where the transaction stands.");
  }
  return { id, outcome, block, leafIndex };
};

/** `{"ok": true}` or `{"ok": false, "messageIndex": 0, "code": "services/wrong-state"}`. */
const readOutcome = (value: unknown): Outcome | null => {
  if (typeof value !== "object" || value === null) return null;
  const { ok, messageIndex, code } = value as {
    readonly ok?: unknown;
    readonly messageIndex?: unknown;
    readonly code?: unknown;
  };
  if (ok === true) return { ok: true };
  const isRefusal = ok === false && isCount(messageIndex) && typeof code === "string";
  return isRefusal ? { ok: false, messageIndex, code } : null;
};

const readHash = (value: unknown): Hash | null => {
  const bytes = typeof value === "string" ? fromHex(value) : null;
  return bytes?.length === 32 ? bytes : null;
};

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
