import { refusalOf } from "@tallystick/ledger";

/** What went wrong and how to mend it: one sentence each. */
interface Words {
  readonly what: string;
  readonly mend: string;
}

interface NodeProblem extends Words {
  readonly status: number;
  readonly retryAfterSeconds?: number;
}

/** Everything that a node refuses by itself; what the ledger refuses is in its own table. */
const NODE_PROBLEMS: Readonly<Record<string, NodeProblem>> = {
  "node/bad-parameter": {
    status: 400,
    what: "A part of the address is not of the form that this resource asks for.",
    mend: "Compare the request with /openapi.json.",
  },
  "node/bad-content-type": {
    status: 415,
    what: "The body is not of a kind that this resource takes.",
    mend: "Send the transaction's bytes with the content type application/cose.",
  },
  "node/not-found": {
    status: 404,
    what: "There is nothing here under this name.",
    mend: "Check the address; a transaction can be asked for once it is recorded.",
  },
  "node/unsigned-request": {
    status: 401,
    what: "This is shown only to those who take part, and the request is not signed.",
    mend: "Sign the request (RFC 9421) with a key that takes part: see spec/read-policy.md.",
  },
  "node/bad-request-signature": {
    status: 401,
    what: "The request's signature cannot be verified, or was made more than 300 seconds ago.",
    mend: "Sign method, authority, path and query, and take the time from /v1/network.",
  },
  "node/not-a-participant": {
    status: 403,
    what: "The request's key does not take part in this.",
    mend: "Ask one of the participants, or ask for the leaf and its receipt, which are open.",
  },
  "node/busy": {
    status: 503,
    retryAfterSeconds: 1,
    what: "More transactions wait for a block than this node keeps.",
    mend: "Send it again after the time that Retry-After says.",
  },
  "node/too-many-from-key": {
    status: 429,
    retryAfterSeconds: 1,
    what: "Too many transactions of this key wait for a block.",
    mend: "Wait for outcomes before sending more.",
  },
  "node/too-many-readers": {
    status: 503,
    retryAfterSeconds: 5,
    what: "Too many readers wait for news of this node.",
    mend: "Ask again after the time that Retry-After says, or ask without waiting.",
  },
  "node/stopping": {
    status: 503,
    retryAfterSeconds: 5,
    what: "The node is stopping; the transaction is not recorded.",
    mend: "Send it again when the node is back.",
  },
  "node/storage-failed": {
    status: 503,
    retryAfterSeconds: 5,
    what: "The node cannot write to its disk.",
    mend: "Its operator must make room or mend the disk; nothing acknowledged is lost.",
  },
  "node/clock-jumped": {
    status: 503,
    retryAfterSeconds: 30,
    what: "The node's clock jumped by more than ten minutes, so it records nothing.",
    mend: "Its operator must set the clock right.",
  },
  "node/clock-disagrees": {
    status: 503,
    what: "The node's clock differs from another operator's by more than ten minutes.",
    mend: "Its operator must set the clock right and start the node again.",
  },
  "node/ledger-broken": {
    status: 503,
    what: "The node found its own ledger broken and has stopped.",
    mend: "Its operator must run tallystick audit on the data directory.",
  },
  "node/halted": {
    status: 503,
    what: "This node no longer follows the orderer: it computed something else.",
    mend: "Its operator must look at the evidence; ask another node meanwhile.",
  },
  "node/behind": {
    status: 503,
    retryAfterSeconds: 1,
    what: "The transaction was handed on, but this node's own copy does not hold it yet.",
    mend: "Ask for the transaction by its id.",
  },
  "node/orderer-unreachable": {
    status: 503,
    retryAfterSeconds: 2,
    what: "The node that orders transactions does not answer.",
    mend: "Send it again: the same bytes are recorded at most once.",
  },
  "node/state-not-at-hand": {
    status: 503,
    retryAfterSeconds: 1,
    what: "The state under the newest signed checkpoint is not at hand yet.",
    mend: "Ask again after the time that Retry-After says.",
  },
  "node/broken": {
    status: 500,
    what: "The node failed to answer.",
    mend: "Tell its operator what you asked and when.",
  },
};

/** Codes of the ledger that have a status of their own; the rest is 400. */
const LEDGER_STATUS: Readonly<Record<string, number>> = {
  "transaction/too-large": 413,
  "transaction/repeated": 409,
  "transaction/busy": 503,
  "transaction/key-unknown": 403,
  "transaction/key-kind-not-allowed": 403,
  "transaction/sponsor-quota": 429,
  "transaction/bad-signature": 403,
};

const MEDIA_TYPE = "application/problem+json";

/** A problem document (RFC 9457) for a code of the node or of the ledger. */
export function problem(code: string, extra: Readonly<Record<string, string>> = {}): Response {
  const own = NODE_PROBLEMS[code];
  const words: Words = own ?? refusalWords(code);
  const status = own?.status ?? LEDGER_STATUS[code] ?? 400;
  const retry = own?.retryAfterSeconds ?? (status === 503 || status === 429 ? 1 : null);
  const document = {
    type: `urn:tallystick:problem:${code}`,
    title: words.what,
    status,
    code,
    mend: words.mend,
    ...extra,
  };
  return new Response(JSON.stringify(document), {
    status,
    headers: {
      "Content-Type": MEDIA_TYPE,
      "Cache-Control": "no-store",
      ...(retry === null ? {} : { "Retry-After": String(retry) }),
    },
  });
}

/** The sentences for a refusal of the ledger. */
export function refusalWords(code: string): Words {
  return (
    refusalOf(code) ?? { what: `The ledger refuses it: ${code}.`, mend: "See spec/refusals.md." }
  );
}
