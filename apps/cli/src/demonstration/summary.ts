import type { Applicant } from "./applicants.ts";
import type { Journey } from "./resident.ts";
import type { TableCases } from "./table-cases.ts";

/** What the standalone verifier said of one receipt. */
export interface Verified {
  readonly id: string;
  readonly holds: boolean;
  readonly operators: number;
}

/** The demonstration in figures; `--json` prints exactly this. */
export interface Figures {
  /** Official applicants. */
  readonly cases: number;
  readonly agreedWithOfficialDates: number;
  readonly entitled: number;
  readonly tableCases: number;
  readonly tableCasesAgreed: number;
  readonly receiptsVerified: number;
  /** The fewest independent operators behind any receipt. */
  readonly operatorsPerReceipt: number;
  readonly delivered: number;
  readonly acknowledged: number;
  /** Leaves in the log. */
  readonly entries: number;
  readonly logRoot: string;
  readonly stateRoot: string;
  readonly seconds: number;
}

export interface Result {
  readonly figures: Figures;
  readonly settled: readonly Journey[];
  readonly failures: readonly { readonly applicant: Applicant; readonly why: string }[];
  readonly verified: readonly Verified[];
  readonly table: TableCases;
}

/** Where the ledger stands at the end: leaves, and both roots in hex. */
export type Standing = Pick<Figures, "entries" | "logRoot" | "stateRoot">;

/** The figures of everything that happened; `seconds` from first start to last receipt. */
export function figuresOf(
  { settled, failures, verified, table }: Omit<Result, "figures">,
  standing: Standing,
  seconds: number,
): Figures {
  const isOfficial = ({ applicant }: { readonly applicant: Applicant }): boolean =>
    applicant.officialDate !== null;
  const official = settled.filter(isOfficial);
  const disclosures = settled.flatMap(({ view }) => view.disclosures);
  return {
    cases: official.length + failures.filter(isOfficial).length,
    agreedWithOfficialDates: official.filter(
      ({ applicant, entitledFrom }) => entitledFrom === applicant.officialDate,
    ).length,
    entitled: settled.filter(({ view }) => view.decision?.outcome === "granted").length,
    tableCases: table.cases,
    tableCasesAgreed: table.agreed,
    receiptsVerified: verified.filter(({ holds }) => holds).length,
    operatorsPerReceipt: Math.min(...verified.map(({ operators }) => operators)),
    delivered: disclosures.length,
    acknowledged: disclosures.filter(({ acknowledged }) => acknowledged).length,
    ...standing,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** Everything short of full agreement, one sentence each; none when all is well. */
export function faultsOf(result: Result): string[] {
  const { settled, failures, verified, table } = result;
  return [
    ...failures.map(({ applicant, why }) => `${applicant.name}: ${why}`),
    ...settled.flatMap(faultsOfJourney),
    ...verified.filter(({ holds }) => !holds).map(({ id }) => `The receipt of ${id} fails.`),
    ...table.differences,
  ];
}

function faultsOfJourney({ applicant, entitledFrom, openingsHold, view }: Journey): string[] {
  const faults: string[] = [];
  const { name, officialDate } = applicant;
  if (officialDate !== null && entitledFrom !== officialDate) {
    faults.push(`${name}: the rule gives ${entitledFrom}, the official date is ${officialDate}.`);
  }
  if (!openingsHold) faults.push(`${name}: the openings are not what stands on the ledger.`);
  const { decision, credentials, disclosures } = view;
  if (decision?.outcome !== "granted") return faults;
  if (credentials["pass"] === undefined) faults.push(`${name}: no pass came.`);
  if (disclosures.length === 0) faults.push(`${name}: the bus operator was not told.`);
  if (disclosures.some(({ acknowledged }) => !acknowledged)) {
    faults.push(`${name}: the bus operator has not acknowledged.`);
  }
  return faults;
}

/** The result as a councillor would want it told. */
export function summaryOf({ figures, settled }: Result, kept: string | null): string {
  const tooYoung = settled.filter(({ view }) => view.decision?.reason === "too-young").length;
  const lines = [
    `${settled.length} people applied for the older person's bus pass.`,
    "",
    `  ${figures.entitled} are entitled today and hold a pass; ${tooYoung} were refused as too young, with the`,
    "  date from which they will be entitled.",
    `  The rule gave the official date in ${figures.agreedWithOfficialDates} of ${figures.cases} official cases, and in`,
    `  ${figures.tableCasesAgreed} of ${figures.tableCases} further cases that test the same table.`,
    `  Each showed two facts, proved once; nobody was asked for a document.`,
    `  The bus operator was told which passes count, sealed, ${figures.delivered} times, and acknowledged`,
    `  ${figures.acknowledged} of them on the ledger. It learned nothing else.`,
    `  ${figures.receiptsVerified} of ${settled.length} receipts hold, each with ${figures.operatorsPerReceipt} independent operators behind it.`,
    "",
    `  Ledger: ${figures.entries} entries, log root ${figures.logRoot.slice(0, 16)}…, in ${figures.seconds} s.`,
    "",
  ];
  if (kept !== null)
    lines.push(`Kept in ${kept}. Go on from it: tallystick start --data ${kept}`, "");
  return lines.join("\n");
}
