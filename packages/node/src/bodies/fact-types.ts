import { dayFromText } from "@tallystick/ledger";
import { vctOf } from "./vct.ts";

/** A fact that a body attests out of its register. */
export interface FactType {
  /** In addresses, for instance `date-of-birth`. */
  readonly type: string;
  readonly vct: string;
  /** The claim. */
  readonly fact: string;
  /** What the holder may show or keep back, as claim paths; groups too, so that nothing shows. */
  readonly disclose: readonly string[];
  /** Whether the credential also holds the person's tags, one for each body that needs one. */
  readonly hasTags: boolean;
  /** Whether a register's entry may hold this; `areas` are those of the body. */
  readonly accepts: (value: unknown, areas: readonly string[]) => boolean;
}

/** The facts of the first service. A body issues those for which the ledger accredits it. */
export const FACT_TYPES: readonly FactType[] = [
  {
    type: "date-of-birth",
    vct: vctOf("registrar/date-of-birth"),
    fact: "dateOfBirth",
    disclose: ["dateOfBirth"],
    hasTags: true,
    accepts: (value) => typeof value === "string" && dayFromText(value) !== null,
  },
  {
    type: "residence",
    vct: vctOf("council/residence"),
    fact: "residence",
    disclose: ["residence", "residence/authority", "residence/soleOrPrincipal"],
    hasTags: false,
    accepts: (value, areas) => isResidence(value) && areas.includes(value.authority),
  },
];

interface Residence {
  readonly authority: string;
  readonly soleOrPrincipal: boolean;
}

function isResidence(value: unknown): value is Residence {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  const { authority, soleOrPrincipal } = value as Record<string, unknown>;
  return typeof authority === "string" && typeof soleOrPrincipal === "boolean";
}
