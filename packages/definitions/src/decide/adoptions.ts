import type { SourceFile } from "../compiled.ts";
import { type Fault, Faults } from "../fault.ts";
import type { Service } from "../service.ts";
import { readYaml } from "../source/read-yaml.ts";
import { Reader } from "../source/reader.ts";
import type { DecidingBody } from "./decision.ts";
import type { Facts } from "./facts.ts";

/**
 * One body's own decision to run the service: the areas it decides for, by which minute, since
 * when.
 */
export interface Adoption extends DecidingBody {
  readonly member: string;
  readonly name: string;
  /** The body's own GSS code. */
  readonly code: string;
  readonly minute: string;
  /** Days since 1970-01-01. */
  readonly inForceFrom: number;
}

export type Adoptions = readonly Adoption[];

const ADOPTION_KEYS = { required: ["name", "code", "areas", "minute", "in-force-from"] };

/** Reads the files under `adoptions/` of a service's folder. */
export function readAdoptions(
  files: readonly SourceFile[],
):
  | { readonly ok: true; readonly adoptions: Adoptions }
  | { readonly ok: false; readonly faults: readonly Fault[] } {
  const faults = new Faults();
  const reader = new Reader(faults);
  const adoptions = files
    .filter((file) => file.path.startsWith("adoptions/") && file.path.endsWith(".yaml"))
    .flatMap((file) => {
      const node = readYaml(file, faults);
      const keys = node === null ? null : reader.map(node, { required: ["adoptions"] });
      return reader.entries(keys?.get("adoptions"));
    })
    .map(({ name: member, value }): Adoption => {
      const keys = reader.map(value, ADOPTION_KEYS);
      return {
        member,
        name: reader.text(keys.get("name")),
        code: reader.area(keys.get("code")),
        areas: reader.items(keys.get("areas")).map((item) => reader.area(item)),
        minute: reader.text(keys.get("minute")),
        inForceFrom: reader.day(keys.get("in-force-from")),
      };
    });
  return faults.none ? { ok: true, adoptions } : { ok: false, faults: faults.list() };
}

/**
 * The body that decides: the one asked for by its own code or by an area of its, else the one for
 * the area that the facts name. A council of a kind that decides for itself (`own-area`) needs no
 * adoption to be tried. Null when nobody is known.
 */
export function bodyFor(
  service: Service,
  { adoptions, facts, asked }: { adoptions: Adoptions; facts: Facts; asked: string | null },
): DecidingBody | null {
  const role = service.roles.find((one) => one.name === service.controller);
  const path = role?.areaFact ?? null;
  const area = asked ?? (path === null ? undefined : facts.get(path));
  if (typeof area !== "string") return null;
  const adopted = adoptions.find((one) => one.code === area || one.areas.includes(area));
  if (adopted !== undefined) return adopted;
  const decidesForItself = role?.ownArea.some((prefix) => area.startsWith(prefix)) === true;
  return asked !== null || decidesForItself ? { areas: [area] } : null;
}
