/**
 * Who takes part in the demonstration: fictional bodies that stand on real area codes on both
 * banks of the Severn, so that two jurisdictions are real from the first day.
 */
export interface DemonstrationSite {
  readonly id: string;
  readonly name: string;
  /** Latitude and longitude in 10⁻⁷ degrees. */
  readonly coordinates: readonly [number, number];
}

export interface DemonstrationMember {
  readonly id: string;
  readonly name: string;
  readonly operator: OperatorId;
  /** GSS area codes in which the body acts. */
  readonly areas: readonly string[];
  readonly roles: readonly string[];
  readonly site: DemonstrationSite;
}

export interface DemonstrationOperator {
  readonly id: OperatorId;
  readonly name: string;
  /** Added to the first port. */
  readonly portOffset: number;
  /** The registered site where its node runs; every block names its proposer's. */
  readonly siteId: string;
  /** The member whose key cosigns what this operator computed; the orderer signs as the log. */
  readonly executor: string | null;
}

export type OperatorId = "council-service" | "travel-authority" | "auditor";

/** The domain in the log's origin; `example` is reserved, so that it can name nobody (RFC 2606). */
export const DOMAIN = "demo.tallystick.example";

export const LEDGER_NAME = "Severnside demonstration";

export const OPERATORS: readonly DemonstrationOperator[] = [
  {
    id: "council-service",
    name: "Shared council service",
    portOffset: 0,
    siteId: "service-centre",
    executor: null,
  },
  {
    id: "travel-authority",
    name: "Severn travel authority",
    portOffset: 1,
    siteId: "travel-house",
    executor: "severn-travel",
  },
  {
    id: "auditor",
    name: "Public auditor",
    portOffset: 2,
    siteId: "audit-house",
    executor: "public-auditor",
  },
];

/** The first registered site of a member, where its own acts are done. */
export const siteOf = (member: string): string =>
  MEMBERS.find(({ id }) => id === member)?.site.id ?? "main";

const CONCESSION = "travel-concession-authority";

const site = (
  id: string,
  name: string,
  latitude: number,
  longitude: number,
): DemonstrationSite => ({ id, name, coordinates: [latitude, longitude] });

const hall = (name: string, latitude: number, longitude: number): DemonstrationSite =>
  site("main", name, latitude, longitude);

const council = (
  id: string,
  name: string,
  area: string,
  roles: readonly string[],
  site: DemonstrationSite,
): DemonstrationMember => ({ id, name, operator: "council-service", areas: [area], roles, site });

export const MEMBERS: readonly DemonstrationMember[] = [
  council(
    "aberwye",
    "Aberwye County Council",
    "W06000021",
    ["council", CONCESSION],
    hall("County Hall, Aberwye", 517037000, -29036000),
  ),
  council(
    "casnewydd-bay",
    "Casnewydd Bay City Council",
    "W06000022",
    ["council", CONCESSION],
    hall("Civic Centre, Casnewydd Bay", 515842000, -29977000),
  ),
  council(
    "avonbridge",
    "Avonbridge City Council",
    "E06000023",
    ["council", CONCESSION],
    hall("City Hall, Avonbridge", 514545000, -25879000),
  ),
  council(
    "severnside",
    "Severnside Council",
    "E06000025",
    ["council", CONCESSION],
    hall("Council Offices, Severnside", 515402000, -24117000),
  ),
  council(
    "deanforest",
    "Deanforest District Council",
    "E07000080",
    ["council"],
    hall("Council Offices, Deanforest", 517943000, -26163000),
  ),
  {
    id: "registrar",
    name: "Identity Registrar",
    operator: "council-service",
    areas: [],
    roles: ["issuer", "registrar-of-issuers"],
    site: site("service-centre", "Shared Service Centre", 514560000, -25900000),
  },
  {
    id: "severn-travel",
    name: "Severn Travel Authority",
    operator: "travel-authority",
    areas: ["E07000080"],
    roles: [CONCESSION],
    site: site("travel-house", "Travel House", 516419000, -26738000),
  },
  {
    id: "severn-buses",
    name: "Severn Buses",
    operator: "travel-authority",
    areas: [],
    roles: ["bus-operator"],
    site: hall("Bus Depot", 515300000, -26700000),
  },
  {
    id: "public-auditor",
    name: "Public Auditor",
    operator: "auditor",
    areas: [],
    roles: ["auditor"],
    site: site("audit-house", "Audit House", 514600000, -25800000),
  },
];
