/** One measured figure, as `npm run bench` prints it: one JSON line each. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Value against a peer or a limit, measured in the same run where it is not a constant. */
  readonly ratio?: number;
  readonly against?: string;
}

/** Measures one or more figures; the names say which without running it. */
export interface Measurement {
  readonly names: readonly string[];
  readonly measure: () => Promise<readonly Figure[]>;
}

export const rounded = (value: number, places = 2): number => Number(value.toFixed(places));

/** The sample below which this share of all samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/** The middle of the samples. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

const ROUNDS = 5;
const ROUND_MS = 400;
const AT_ONCE = 64;

/**
 * How often `work` runs in a second on one core: the median of five rounds after one to warm up.
 */
export function perSecond(work: (turn: number) => void): number {
  let turn = 0;
  const round = (): number => {
    const first = turn;
    const startedMs = performance.now();
    let tookMs = 0;
    while (tookMs < ROUND_MS) {
      for (let at = 0; at < AT_ONCE; at++) work(turn++);
      tookMs = performance.now() - startedMs;
    }
    return ((turn - first) * 1000) / tookMs;
  };
  round();
  return median(Array.from({ length: ROUNDS }, round));
}
