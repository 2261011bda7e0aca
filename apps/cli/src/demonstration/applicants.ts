import { join } from "node:path";
import { readJson, serviceFolder } from "../files.ts";

/** One resident who applies for the older person's bus pass. */
export interface Applicant {
  readonly name: string;
  /** ISO 8601 calendar date. */
  readonly dateOfBirth: string;
  /** GSS code of the area of residence. */
  readonly area: string;
  /** The official date from which this person is entitled; null for a made-up applicant. */
  readonly officialDate: string | null;
}

/** One official case: which question was asked about which date of birth, and the answer. */
export interface OfficialCase {
  readonly question: "busPassDate" | "pensionCreditDate" | "statePensionDate";
  readonly dob: string;
  readonly expected: string;
  readonly sex?: "female" | "male";
}

/** Official dates are English dates, so these applicants live in England. */
const ENGLISH_AREAS = ["E06000023", "E06000025", "E07000080"] as const;
const ALL_AREAS = [...ENGLISH_AREAS, "W06000021", "W06000022"] as const;

/** The official cases that come with the service, with their attribution beside them. */
export function officialCases(): OfficialCase[] {
  const path = join(serviceFolder("bus-pass"), "tests", "official", "cases.json");
  return readJson(path) as OfficialCase[];
}

/** True for a case whose answer is the date of the older person's bus pass in England. */
export const asksForBusPass = (official: OfficialCase): boolean =>
  official.question === "busPassDate" ||
  (official.question === "statePensionDate" && official.sex === "female");

/** One applicant for each date of birth whose bus pass date, or women's pension date, is given. */
export function officialApplicants(): Applicant[] {
  const dates = new Map<string, string>();
  for (const official of officialCases().filter(asksForBusPass)) {
    dates.set(official.dob, official.expected);
  }
  return [...dates].map(([dateOfBirth, officialDate], index) => ({
    name: `Applicant ${index + 1}`,
    dateOfBirth,
    area: pick(ENGLISH_AREAS, index),
    officialDate,
  }));
}

/** Made-up residents for load: the same ones every time, in all five areas and both countries. */
export function madeUpApplicants(count: number): Applicant[] {
  const DAY_MS = 86_400_000;
  const FIRST_DAY = Date.UTC(1935, 0, 1) / DAY_MS;
  const DAYS = 15_000;
  return Array.from({ length: count }, (_, index) => ({
    name: `Resident ${index + 1}`,
    dateOfBirth: new Date((FIRST_DAY + ((index * 7_919) % DAYS)) * DAY_MS)
      .toISOString()
      .slice(0, 10),
    area: pick(ALL_AREAS, index),
    officialDate: null,
  }));
}

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
