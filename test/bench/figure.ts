/** One measured figure, as `npm run bench` prints it: one JSON line each. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Value against a peer or a limit that was measured in the same run. */
  readonly ratio?: number;
  readonly against?: string;
}

/** Measures one or more figures; the names say which without running it. */
export interface Measurement {
  readonly names: readonly string[];
  readonly measure: () => Promise<readonly Figure[]>;
}

export const rounded = (value: number, places = 2): number => Number(value.toFixed(places));

/** The middle of the samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
