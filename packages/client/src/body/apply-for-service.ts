import { type Json, readPath } from "@tallystick/credentials";
import type { CborInput, ScopeTag } from "@tallystick/ledger";
import { fromBase64Url, fromHex, type Hash, type Sha256, toBase64Url } from "@tallystick/log";
import { buildPayload } from "../build.ts";
import { ConnectionError } from "../errors.ts";
import { signTransaction } from "../sign.ts";
import type { WalletCase } from "../wallet/case.ts";
import type { CaseField } from "../wallet/commitment.ts";
import type { PresentRefusal } from "../wallet/present.ts";
import type { Wallet } from "../wallet/wallet.ts";
import type { BodyConnection, ServiceRequest } from "./connect-body.ts";
import { encodeOpenings } from "./openings.ts";

export interface ApplyOptions {
  readonly sha: Sha256;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly networkId: Hash;
  /** Block time as the node tells it. */
  readonly nowMs: bigint;
  readonly wallet: Wallet;
  readonly body: BodyConnection;
  readonly service: string;
  /** GSS code of the applicant's area: a citizen's act says nothing finer. */
  readonly area: string;
}

export type Applied =
  | { readonly ok: true; readonly case: WalletCase; readonly transaction: Hash }
  | { readonly ok: false; readonly code: PresentRefusal };

/**
 * Applies for a service as a resident: asks what is asked for, shows that and nothing else, opens a
 * case under a key made for it alone, and keeps the opening of what it committed to. Throws
 * ConnectionError with the body's refusal code.
 */
export const applyForService = async (options: ApplyOptions): Promise<Applied> => {
  const { wallet, body, service } = options;
  const request = await body.request(service);
  const opened = await wallet.openCase({ service, authority: request.authority });
  const nowSeconds = Number(options.nowMs / 1000n);
  const presented = await wallet.present({ request, nowSeconds }, opened);
  if (!presented.ok) {
    wallet.forgetCase(opened.id);
    return { ok: false, code: presented.code };
  }
  const claims = claimsOf(wallet, presented.copy);
  const commitment = opened.commit(request.fields.map((name) => fieldOf(name, request, claims)));
  const { id, bytes } = await openingAct(options, {
    opened,
    request,
    root: commitment.root,
    claims,
  });
  await body.apply({
    nonce: request.nonce,
    transaction: toBase64Url(bytes),
    presentations: presented.presentations,
    openings: encodeOpenings(commitment.opening),
  });
  opened.recordAct({ action: request.action, transactionId: id, commitment });
  return { ok: true, case: opened, transaction: id };
};

/** What the shown copy of a credential states under a path; null when it states nothing. */
type Claims = (vct: string, path: string) => Json | null;

const claimsOf =
  (wallet: Wallet, copy: number): Claims =>
  (vct, path) => {
    const fact = wallet.facts().find((held) => held.vct === vct && held.copy === copy);
    return fact === undefined ? null : (readPath(fact.claims, path) ?? null);
  };

const fieldOf = (name: string, request: ServiceRequest, claims: Claims): CaseField => {
  const [fact] = name.split(".", 1);
  const asked = request.facts.find((one) => one.fact === fact);
  const path = name.replaceAll(".", "/");
  return { name, value: asked === undefined ? null : cborOf(claims(asked.vct, path)) };
};

const cborOf = (value: Json | null): CborInput => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  throw new ConnectionError("client/unexpected-answer", {
    message: "A field that is asked for is not a single value.",
  });
};

interface Opening {
  readonly opened: WalletCase;
  readonly request: ServiceRequest;
  readonly root: Hash;
  readonly claims: Claims;
}

const openingAct = (options: ApplyOptions, { opened, request, root, claims }: Opening) => {
  const { sha, networkId, nowMs, randomBytes } = options;
  const payload = buildPayload(
    {
      place: { kind: "area", code: options.area },
      sponsor: request.authority,
      messages: [
        {
          type: "services/open",
          case: opened.id,
          definition: fromHex(request.definition) ?? new Uint8Array(),
          authority: request.authority,
          action: request.action,
          commitment: root,
          tags: request.tags.map((tag) => tagOf(tag, claims)),
        },
      ],
    },
    { nowMs, randomBytes },
  );
  return signTransaction({ sha, networkId, payload, signer: opened.signer });
};

const tagOf = ({ name, vct, claim }: ServiceRequest["tags"][number], claims: Claims): ScopeTag => {
  const value = claims(vct, claim);
  const tag = typeof value === "string" ? fromBase64Url(value) : null;
  if (tag !== null) return { name, tag };
  throw new ConnectionError("client/unexpected-answer", {
    message: `The credential holds no tag "${name}" for this body; ask its issuer for a new one.`,
  });
};
