import { sameKey } from "./es256.ts";
import { type Fault, fault } from "./faults.ts";
import { MAX_PRESENTATIONS } from "./limits.ts";
import {
  type VerifiedCredential,
  type VerifyPresentationInput,
  verifySdJwtPresentation,
} from "./verify-sd-jwt.ts";

export interface VerifyTogetherInput extends Omit<VerifyPresentationInput, "presentation"> {
  readonly presentations: readonly string[];
}

/** A fault and the presentation, counted from 0, in which it lies. */
export interface PresentationFault extends Fault {
  readonly presentation: number;
}

export type VerifyTogetherResult =
  | { readonly ok: true; readonly credentials: readonly VerifiedCredential[] }
  | { readonly ok: false; readonly faults: readonly PresentationFault[] };

/** Verifies credentials shown together in one act. Each must hold by itself, and all must be bound
 * to one holder's key, which alone proves that their facts are one person's. Codes besides those of
 * a single presentation: `credentials/nothing-presented`, `credentials/too-many-presentations`,
 * `credentials/different-holders`. */
export async function verifyTogether(input: VerifyTogetherInput): Promise<VerifyTogetherResult> {
  const { presentations, ...policy } = input;
  if (presentations.length === 0)
    return refuse(fault("credentials/nothing-presented", "presentation"));
  if (presentations.length > MAX_PRESENTATIONS) {
    return refuse(fault("credentials/too-many-presentations", "presentation"));
  }
  const results = await Promise.all(
    presentations.map((presentation) => verifySdJwtPresentation({ presentation, ...policy })),
  );
  const faults = results.flatMap((result, presentation) =>
    result.ok ? [] : result.faults.map((one) => ({ ...one, presentation })),
  );
  const credentials = results.filter((result) => result.ok);
  const stranger = results.findIndex(
    (result) => result.ok && !sameKey(result.holderKey, credentials[0]!.holderKey),
  );
  if (stranger >= 0) {
    faults.push({
      ...fault("credentials/different-holders", "presentation"),
      presentation: stranger,
    });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, credentials };
}

function refuse(one: Fault): VerifyTogetherResult {
  return { ok: false, faults: [{ ...one, presentation: 0 }] };
}
