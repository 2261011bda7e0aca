import type { Lie } from "./lie.ts";
import { caseLies } from "./lies/cases.ts";
import { deliveryLies } from "./lies/deliveries.ts";
import { disclosureLies } from "./lies/disclosures.ts";
import { drawingLies } from "./lies/drawing.ts";
import { orderingLies } from "./lies/ordering.ts";
import { privateLies } from "./lies/private.ts";
import { serviceLies } from "./lies/services.ts";
import { signingLies } from "./lies/signing.ts";

/** Every lie that is told here, in the order of SECURITY.md's table. */
export const LIES: readonly Lie[] = [
  ...caseLies,
  ...serviceLies,
  ...disclosureLies,
  ...deliveryLies,
  ...privateLies,
  ...drawingLies,
  ...signingLies,
  ...orderingLies,
];
