import { type Disclosure, RESERVED_NAMES } from "./disclosure.ts";
import { type Fault, type FaultCode, fault } from "./faults.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { MAX_DIGESTS, MAX_JSON_DEPTH } from "./limits.ts";
import { joinPath } from "./path.ts";

/** Where a disclosure stands: its path in the claims, and the disclosures that it lies within. */
export interface Placement {
  readonly disclosure: number;
  readonly path: string;
  readonly within: readonly number[];
}

/** The claims put together again, or rather what could be, and everything that is wrong. */
export interface ResolvedClaims {
  readonly claims: JsonObject;
  readonly placements: readonly Placement[];
  readonly faults: readonly Fault[];
}

/** Claims about the credential itself, which the holder must not be able to leave out
 * (SD-JWT VC §3.2.2.2). */
export const PLAIN_CLAIMS: ReadonlySet<string> = new Set([
  "iss",
  "nbf",
  "exp",
  "cnf",
  "vct",
  "vct#integrity",
  "status",
]);

interface Place {
  /** Null at the top. */
  readonly path: string | null;
  readonly depth: number;
  /** Within a claim of which nothing may be hidden. */
  readonly plain: boolean;
  readonly within: readonly number[];
}

/** Puts the disclosed claims in the places of their digests (RFC 9901 §7.1, steps 3 to 5). */
export function resolveDisclosures(
  payload: JsonObject,
  disclosures: readonly Disclosure[],
): ResolvedClaims {
  return new Resolution(disclosures).run(payload);
}

class Resolution {
  readonly #faults: Fault[] = [];
  readonly #placements: Placement[] = [];
  readonly #disclosures: readonly Disclosure[];
  readonly #byDigest: ReadonlyMap<string, number>;
  readonly #seen: Set<string> = new Set();

  constructor(disclosures: readonly Disclosure[]) {
    this.#disclosures = disclosures;
    this.#byDigest = new Map(disclosures.map((one, index) => [one.digest, index]));
    disclosures.forEach((one, index) => {
      if (this.#byDigest.get(one.digest) !== index) {
        this.#faults.push(fault("credentials/disclosure-repeated", "disclosure", index));
      }
    });
  }

  run(payload: JsonObject): ResolvedClaims {
    const { _sd_alg: algorithm, ...rest } = payload;
    if (algorithm !== undefined && algorithm !== "sha-256")
      this.#add("credentials/hash-not-allowed");
    const claims = this.#object(rest, { path: null, depth: 1, plain: false, within: [] });
    const placed = new Set(this.#placements.map((one) => one.disclosure));
    for (const index of this.#byDigest.values()) {
      if (!placed.has(index)) this.#add("credentials/disclosure-unreferenced", index);
    }
    return { claims, placements: this.#placements, faults: this.#faults };
  }

  #value(value: Json, place: Place): Json {
    if (typeof value !== "object" || value === null) return value;
    if (place.depth > MAX_JSON_DEPTH) {
      this.#add("credentials/too-deep");
      return null;
    }
    return isArray(value) ? this.#array(value, place) : this.#object(value as JsonObject, place);
  }

  #object(source: JsonObject, place: Place): JsonObject {
    const claims: Record<string, Json> = {};
    for (const [name, value] of Object.entries(source)) {
      if (name === "_sd") continue;
      if (RESERVED_NAMES.has(name)) this.#add("credentials/reserved-name");
      else claims[name] = this.#value(value, inside(place, name));
    }
    const digests = member(source, "_sd") ?? [];
    if (!isArray(digests)) this.#add("credentials/digest-malformed");
    else for (const digest of digests) this.#member(claims, digest, place);
    return claims;
  }

  /** Puts one digest's member, if it is disclosed, into the object. */
  #member(claims: Record<string, Json>, digest: Json, place: Place): void {
    const index = this.#find(digest, place);
    if (index === undefined) return;
    const { name, value } = this.#disclosures[index]!;
    const here = inside(place, name ?? "");
    this.#placements.push({ disclosure: index, path: here.path, within: place.within });
    if (name === null) {
      this.#add("credentials/disclosure-malformed", index);
      return;
    }
    if (here.plain) this.#add("credentials/claim-must-be-plain", index);
    const resolved = this.#value(value, { ...here, within: [...place.within, index] });
    if (Object.hasOwn(claims, name)) this.#add("credentials/claim-overridden", index);
    else claims[name] = resolved;
  }

  #array(source: readonly Json[], place: Place): readonly Json[] {
    const elements: Json[] = [];
    for (const element of source) {
      const here = inside(place, String(elements.length));
      if (!isObject(element) || !Object.hasOwn(element, "...")) {
        elements.push(this.#value(element, here));
        continue;
      }
      if (Object.keys(element).length > 1) this.#add("credentials/digest-malformed");
      const index = this.#find(member(element, "...")!, place);
      if (index === undefined) continue;
      const { name, value } = this.#disclosures[index]!;
      this.#placements.push({ disclosure: index, path: here.path, within: place.within });
      if (name !== null) this.#add("credentials/disclosure-malformed", index);
      else elements.push(this.#value(value, { ...here, within: [...place.within, index] }));
    }
    return elements;
  }

  /** The disclosure of a digest; every digest, disclosed or not, may stand once only. */
  #find(digest: Json, place: Place): number | undefined {
    if (place.plain) this.#add("credentials/claim-must-be-plain");
    if (typeof digest !== "string" || digest.length !== 43) {
      this.#add("credentials/digest-malformed");
      return undefined;
    }
    if (this.#seen.has(digest)) {
      this.#add("credentials/digest-repeated");
      return undefined;
    }
    this.#seen.add(digest);
    if (this.#seen.size > MAX_DIGESTS) this.#add("credentials/too-many-digests");
    return this.#byDigest.get(digest);
  }

  #add(code: FaultCode, disclosure: number | null = null): void {
    this.#faults.push(fault(code, disclosure === null ? "issuer-token" : "disclosure", disclosure));
  }
}

function inside(place: Place, name: string): Place & { readonly path: string } {
  return {
    path: joinPath(place.path, name),
    depth: place.depth + 1,
    plain: place.plain || (place.path === null && PLAIN_CLAIMS.has(name)),
    within: place.within,
  };
}
