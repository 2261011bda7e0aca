import { ConnectionError, type ProblemDocument } from "./errors.ts";

/** The part of `fetch` that the client needs; the host hands it in. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Where a node answers and how to reach it. */
export interface Endpoint {
  /** Without a slash at the end, for instance `http://localhost:8080`. */
  readonly url: string;
  readonly fetch: Fetch;
}

/** Largest answer that the client reads: a proof or a page of blocks is far smaller. */
const MAX_ANSWER_BYTES = 4_000_000;

/** Asks; throws ConnectionError `client/unreachable` when nobody answers. */
export const ask = async (
  endpoint: Endpoint,
  path: string,
  init?: RequestInit,
): Promise<Response> => {
  try {
    return await endpoint.fetch(`${endpoint.url}${path}`, init);
  } catch (cause) {
    throw new ConnectionError("client/unreachable", {
      message: `No node answers at ${endpoint.url}.`,
      cause,
    });
  }
};

/** The body's bytes; throws ConnectionError `client/unexpected-answer` when there are too many. */
export const readBytes = async (response: Response): Promise<Uint8Array> => {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > MAX_ANSWER_BYTES) throw unexpected("The node's answer is too long.");
  return bytes;
};

/** The body as JSON that is an object; throws ConnectionError `client/unexpected-answer`. */
export const readObject = async (
  response: Response,
): Promise<Readonly<Record<string, unknown>>> => {
  const text = new TextDecoder().decode(await readBytes(response));
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unexpected("The node's answer is not a JSON object.");
  }
  return value as Readonly<Record<string, unknown>>;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const unexpected = (message: string): ConnectionError =>
  new ConnectionError("client/unexpected-answer", { message });

type ProblemField = "code" | "title" | "detail" | "mend";

/** What a node said when it refused, whatever shape it came in. */
export const readProblem = async (response: Response): Promise<ProblemDocument> => {
  const text = new TextDecoder().decode(await readBytes(response));
  const body = parseJson(text);
  const fields =
    typeof body === "object" && body !== null
      ? (body as Partial<Record<ProblemField, unknown>>)
      : {};
  return {
    status: response.status,
    code: textOf(fields.code) ?? "client/unexpected-answer",
    title: textOf(fields.title) ?? `The node answered ${response.status}.`,
    detail: textOf(fields.detail),
    mend: textOf(fields.mend),
  };
};

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A ConnectionError for an answer that should have been fine and was not. */
export const refusedAnswer = async (response: Response): Promise<ConnectionError> => {
  const problem = await readProblem(response);
  return new ConnectionError(problem.code, { message: sayProblem(problem), problem });
};

/** A problem in one or two sentences: what is wrong, then how to mend it. */
export const sayProblem = ({ title, detail, mend }: ProblemDocument): string =>
  [detail ?? title, mend].filter((part) => part !== null).join(" ");
