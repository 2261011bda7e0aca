import { ConnectionError } from "../errors.ts";
import { ask, type Endpoint, readObject, refusedAnswer } from "../http.ts";
import type { Signer } from "../sign.ts";
import type { FactRequest } from "../wallet/present.ts";
import { type CommitmentInput, decodeOpenings, type Opening } from "./openings.ts";
import { signRequest } from "./sign-request.ts";

/** What a body asks of an applicant, for one use (spec/bodies-api.md §1). */
export interface ServiceRequest {
  readonly audience: string;
  readonly nonce: string;
  readonly authority: string;
  readonly service: string;
  /** Definition hash in hex. */
  readonly definition: string;
  readonly action: string;
  /** The fields to commit to, in order: `dateOfBirth`, `residence.authority`. */
  readonly fields: readonly string[];
  readonly facts: readonly (FactRequest & {
    readonly fact: string;
    readonly why: string;
    readonly power: string;
    readonly seenBy: readonly string[];
    readonly keep: string;
  })[];
  readonly tags: readonly { readonly name: string; readonly vct: string; readonly claim: string }[];
}

/** What goes to the body to open a case. */
export interface Application {
  readonly nonce: string;
  /** base64url of the signed `services/open`. */
  readonly transaction: string;
  readonly presentations: readonly string[];
  readonly openings: readonly Opening[];
}

/** A decision as the body tells its applicant; the openings prove it (spec/bodies-api.md §6). */
export interface DecisionView {
  readonly transaction: string;
  readonly outcome: "granted" | "refused";
  readonly reason: string | null;
  readonly asAt: string;
  readonly rule: { readonly service: string; readonly version: string; readonly hash: string };
  readonly tables: readonly { readonly name: string; readonly version: string }[];
  readonly workedOut: Readonly<Record<string, unknown>>;
  readonly gives: Readonly<Record<string, unknown>>;
  readonly openings: readonly Opening[];
}

export interface CaseView {
  readonly case: string;
  readonly state: string;
  readonly waiting: string | null;
  readonly decision: DecisionView | null;
  readonly credentials: Readonly<Record<string, string>>;
  readonly disclosures: readonly {
    readonly name: string;
    readonly recipient: string;
    readonly transaction: string;
    readonly acknowledged: boolean;
  }[];
}

/** One member at its node, as a resident talks to it. */
export interface BodyConnection {
  readonly member: string;
  readonly request: (service: string) => Promise<ServiceRequest>;
  /** Hands an application in. Throws ConnectionError with the body's own refusal code. */
  readonly apply: (application: Application) => Promise<{ readonly transaction: string }>;
  /** The case as its applicant may see it; waits up to `waitSeconds` for a decision. */
  readonly caseView: (owner: CaseOwner, waitSeconds: number) => Promise<CaseView>;
  /** Asks the body to destroy what it holds of the case, and to tell those it told. */
  readonly erase: (owner: CaseOwner) => Promise<{ readonly recipients: readonly string[] }>;
}

/** Who opened a case: its id in hex and its key, at a moment of the node's clock. */
export interface CaseOwner {
  readonly caseId: string;
  readonly signer: Signer;
  readonly nowSeconds: number;
}

export const connectBody = (options: Endpoint & { readonly member: string }): BodyConnection => {
  const base = `/v1/members/${options.member}`;
  const get = async (path: string, headers: Readonly<Record<string, string>>): Promise<unknown> =>
    answered(await ask(options, path, { headers }));
  const post = async (path: string, body: unknown, headers = {}): Promise<unknown> =>
    answered(
      await ask(options, path, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const signed = (owner: CaseOwner, method: "GET" | "POST", path: string) =>
    signRequest({
      method,
      url: `${options.url}${path}`,
      signer: owner.signer,
      createdSeconds: owner.nowSeconds,
    });
  return {
    member: options.member,
    request: async (service) =>
      (await get(`${base}/services/${service}/request`, {})) as ServiceRequest,
    apply: async (application) =>
      (await post(`${base}/cases`, application)) as { readonly transaction: string },
    caseView: async (owner, waitSeconds) => {
      const path = `${base}/cases/${owner.caseId}?wait=${waitSeconds}`;
      return (await get(path, await signed(owner, "GET", path))) as CaseView;
    },
    erase: async (owner) => {
      const path = `${base}/cases/${owner.caseId}/erasure`;
      const headers = await signed(owner, "POST", path);
      return (await post(path, undefined, headers)) as { readonly recipients: readonly string[] };
    },
  };
};

async function answered(response: Response): Promise<unknown> {
  if (!response.ok) throw await refusedAnswer(response);
  return readObject(response);
}

/**
 * The opening of a decision as the ledger's commitment takes it. Throws ConnectionError
 * `client/unexpected-answer` when the body's openings are not of their form.
 */
export const decisionOpening = (
  decision: DecisionView,
  about: { readonly networkId: Uint8Array; readonly caseId: Uint8Array },
): CommitmentInput => {
  const fields = decodeOpenings(decision.openings);
  if (fields === null) {
    throw new ConnectionError("client/unexpected-answer", {
      message: "The body's openings are not of the form that spec/bodies-api.md gives.",
    });
  }
  return { ...about, fields };
};
