import { toHex } from "@tallystick/log";
import type { ReceiptReport, ReceiptSubject, ReceiptVerdict } from "./judge-receipt.ts";
import { NO_NAMES } from "./tell/names.ts";
import { tellTransaction } from "./tell/tell.ts";
import { sayCount, sayList, sayTime } from "./tell/words.ts";

const VERDICTS: Readonly<Record<ReceiptVerdict, string>> = {
  holds: "The receipt holds.",
  fails: "The receipt does NOT hold.",
  "not-pinned":
    "The receipt is consistent, but no policy was given, so nobody’s signature was judged.",
  unreadable: "The file cannot be read as a receipt.",
};

/** The report in plain sentences, the verdict first. The same words in terminal and browser. */
export const sayReport = (report: ReceiptReport): string[] => [
  VERDICTS[report.verdict],
  ...report.faults.map(({ code, what }) => `${what} [${code}]`),
  ...(report.verdict === "holds" ? [sayOperators(report)] : []),
  ...(report.subject === null || report.verdict === "fails" ? [] : sayFindings(report)),
];

const sayOperators = ({ operators, operatorNames }: ReceiptReport): string => {
  const count = sayCount(
    operators,
    "independent operator stands behind it",
    "independent operators stand behind it",
  );
  const others = operatorNames.length === 0 ? "" : `, ${sayList(operatorNames)}`;
  return `${count}: the log’s own${others}.`;
};

const sayFindings = ({ subject, checkpoint, index }: ReceiptReport): string[] => [
  ...saySubject(subject as ReceiptSubject),
  `It stands as entry ${index} of the ${checkpoint?.size} that ${checkpoint?.origin} had then.`,
];

const saySubject = (subject: ReceiptSubject): string[] => {
  if (subject.kind === "state") {
    const found = subject.value === null ? "nothing" : `the value ${toHex(subject.value)}`;
    const where = `${subject.module} ${toHex(subject.key)}`;
    return [`After block ${subject.header.number} the state held ${found} under ${where}.`];
  }
  const { leaf, transaction, signatureChecked } = subject;
  const outcome = leaf.outcome.ok ? "It was done." : `It was refused: ${leaf.outcome.code}.`;
  const recorded =
    `Transaction ${toHex(leaf.id)} was recorded in block ${leaf.block} ` +
    `on ${sayTime(leaf.blockTimeMs)}. ${outcome}`;
  if (transaction === null) return [recorded];
  const { sentence } = tellTransaction(transaction, { names: NO_NAMES, timeMs: leaf.blockTimeMs });
  const signer = signatureChecked ? ["The signature of whoever did it is right as well."] : [];
  return [recorded, sentence, ...signer];
};

/** The report as JSON for programs: hashes in hexadecimal, times in milliseconds since 1970. */
export const reportToJson = (report: ReceiptReport): Readonly<Record<string, unknown>> => ({
  verdict: report.verdict,
  faults: report.faults,
  operators: report.operators,
  operatorNames: report.operatorNames,
  cosigners: report.cosigners,
  origin: report.checkpoint?.origin ?? null,
  size: report.checkpoint?.size ?? null,
  root: report.checkpoint === null ? null : toHex(report.checkpoint.root),
  index: report.index,
  ...(report.subject === null ? {} : subjectToJson(report.subject)),
});

const subjectToJson = (subject: ReceiptSubject): Readonly<Record<string, unknown>> => {
  if (subject.kind === "state") {
    return {
      block: Number(subject.header.number),
      stateRoot: toHex(subject.header.stateRoot),
      module: subject.module,
      key: toHex(subject.key),
      value: subject.value === null ? null : toHex(subject.value),
    };
  }
  const { leaf, transaction, signatureChecked } = subject;
  const options = { names: NO_NAMES, timeMs: leaf.blockTimeMs };
  return {
    id: toHex(leaf.id),
    block: Number(leaf.block),
    timeMs: Number(leaf.blockTimeMs),
    outcome: leaf.outcome.ok ? "ok" : leaf.outcome.code,
    sentence: transaction === null ? null : tellTransaction(transaction, options).sentence,
    signatureChecked,
  };
};
