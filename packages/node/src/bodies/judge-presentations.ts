import {
  type PresentationFault,
  type VerifiedCredential,
  verifyTogether,
} from "@tallystick/credentials";
import type { Body } from "./body.ts";
import { issuerOf, type StatusLookUp } from "./look-up-status.ts";
import { jwkOf } from "./vct.ts";

/** Presentations and the request that they answer. */
export interface Shown {
  readonly presentations: readonly string[];
  readonly allowedVct: readonly string[];
  readonly audience: string;
  readonly nonce: string;
}

export type Judged =
  | { readonly ok: true; readonly credentials: readonly VerifiedCredential[] }
  | { readonly ok: false; readonly code: string; readonly faults: readonly PresentationFault[] };

interface JudgeOptions {
  readonly nowSeconds: number;
  /** Null: a status is not asked for, because it is the status of another day that counts. */
  readonly statuses: StatusLookUp | null;
}

/**
 * Verifies presentations by the ledger's trust framework: an issuer counts if it is accredited for
 * the type, a status if the issuer committed to the list. Codes: spec/credentials.md §6.
 */
export async function judgePresentations(
  body: Pick<Body, "view" | "ledger" | "fetch" | "addressOf">,
  shown: Shown,
  { nowSeconds, statuses }: JudgeOptions,
): Promise<Judged> {
  const result = await verifyTogether({
    presentations: shown.presentations,
    audience: shown.audience,
    nonce: shown.nonce,
    allowedVct: shown.allowedVct,
    nowSeconds,
    resolveIssuerKey: ({ vct, issuer }) => {
      const key = body.view.issuerKey(vct, issuer);
      return key === null ? null : jwkOf(key);
    },
    ...(statuses === null ? {} : { statusOf: (place) => statuses.statusOf(body, place) }),
  });
  if (!result.ok) {
    return { ok: false, code: result.faults[0]?.code ?? "", faults: result.faults };
  }
  // A list of another issuer says nothing about this one's credentials.
  const foreign = result.credentials.some(
    ({ status, issuer }) => status !== null && issuerOf(status.uri) !== issuer,
  );
  return foreign ? { ok: false, code: "credentials/status-list-wrong", faults: [] } : result;
}
