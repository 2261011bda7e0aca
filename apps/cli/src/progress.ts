import process from "node:process";

const WIDTH = 30;

export interface Progress {
  /** One more of the whole is done. */
  readonly step: () => void;
  readonly finish: () => void;
}

/**
 * A progress bar on a terminal; nothing where nobody watches, so that a log file stays readable.
 * It writes to the error stream: the output stream is for results.
 */
export function progressBar(label: string, total: number, shown: boolean): Progress {
  if (!shown || process.stderr.isTTY !== true) return { step: () => {}, finish: () => {} };
  let done = 0;
  const draw = (): void => {
    const filled = total === 0 ? WIDTH : Math.floor((done * WIDTH) / total);
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    process.stderr.write(`\r${label} ${bar} ${done}/${total}`);
  };
  draw();
  return {
    step: () => {
      done += 1;
      draw();
    },
    finish: () => void process.stderr.write("\n"),
  };
}
