/**
 * What a node says when it refuses (RFC 9457). `code` is the refusal code, `module/reason`;
 * `detail` says what is wrong and `mend` how to put it right.
 */
export interface ProblemDocument {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly mend: string | null;
}

interface ErrorParts {
  readonly message: string;
  readonly problem?: ProblemDocument;
  readonly cause?: unknown;
}

/**
 * Base of everything the client throws. `code` is stable: the node's own refusal code where a node
 * refused, else one of the codes named at each class. Messages hold no personal data.
 */
export class ClientError extends Error {
  readonly code: string;
  readonly problem: ProblemDocument | null;

  constructor(code: string, parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.code = code;
    this.problem = parts.problem ?? null;
  }
}

/** Building a transaction failed: `client/bad-nonce`, `client/validity-too-long`. */
export class BuildError extends ClientError {}

/** No signature: `client/key-not-supported`, `client/bad-signature-length`, `client/too-large`. */
export class SignError extends ClientError {}

/** A node could not be asked or made no sense: `client/unreachable`, `client/unexpected-answer`. */
export class ConnectionError extends ClientError {}

/** A node did not admit the transaction; it stands nowhere. `code` is the node's refusal. */
export class SubmitError extends ClientError {}

/** The outcome did not come in time: `client/outcome-timeout`. It may still come. */
export class OutcomeError extends ClientError {}

/** The receipt did not come or does not hold: `client/receipt-timeout`, `client/receipt-faulty`. */
export class ReceiptError extends ClientError {}

/**
 * The log is not the one we saw before: `client/log-unsigned`, `client/log-shrank`,
 * `client/log-forked`, `client/log-other-origin`. Keep both checkpoints: they are the evidence.
 */
export class LogError extends ClientError {}
