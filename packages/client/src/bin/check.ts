import { parsePolicy } from "@tallystick/log";
import { nobleHost } from "../hosts/host.ts";
import { judgeReceipt, type ReceiptReport } from "../judge-receipt.ts";
import { sayReport } from "../say-report.ts";

/**
 * The portal's only script: checks receipts in the reader's browser, by the same code as the
 * standalone verifier. It writes text nodes only and sends nothing anywhere.
 */
const show = (place: Element, verdict: string, lines: readonly string[]): void => {
  const box = document.createElement("div");
  box.className = `verdict verdict-${verdict}`;
  for (const line of lines) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  place.replaceChildren(box);
};

const check = (place: Element, file: string, policyText: string): void => {
  const isPinned = policyText.trim() !== "";
  const parsed = isPinned ? parsePolicy(nobleHost.sha256, withLastNewline(policyText)) : null;
  if (parsed !== null && !parsed.ok) {
    show(place, "unreadable", [`The policy cannot be read: line ${parsed.line}, ${parsed.why}.`]);
    return;
  }
  const report: ReceiptReport = judgeReceipt(nobleHost, file, parsed?.policy ?? null);
  show(place, report.verdict, sayReport(report));
};

/** What is pasted into a form may lack the last newline or carry a browser's carriage returns. */
const withLastNewline = (text: string): string => `${text.replaceAll("\r", "").trimEnd()}\n`;

const readUrl = async (url: string): Promise<string> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
};

/** A button beside a receipt that this site offers. */
const offerCheck = (section: HTMLElement): void => {
  const { checkReceipt = "", checkPolicy = "" } = section.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Check this receipt here";
  const verdict = document.createElement("div");
  verdict.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      const [file, policy] = await Promise.all([readUrl(checkReceipt), readUrl(checkPolicy)]);
      check(verdict, file, policy);
    } catch {
      show(verdict, "unreadable", ["The receipt could not be fetched. Try again."]);
    }
  });
  const line = document.createElement("p");
  line.append(button);
  section.append(line, verdict);
};

/** The form for a file of the reader's own. */
const offerForm = (form: HTMLFormElement): void => {
  const place = document.querySelector("[data-check-verdict]");
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const policy = form.querySelector<HTMLTextAreaElement>("textarea");
  const button = form.querySelector<HTMLButtonElement>("button");
  if (place === null || input === null || policy === null || button === null) return;
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (file === undefined) show(place, "unreadable", ["Choose a receipt file first."]);
    else check(place, await file.text(), policy.value);
  });
};

for (const section of document.querySelectorAll<HTMLElement>("[data-check-receipt]")) {
  offerCheck(section);
}
for (const form of document.querySelectorAll<HTMLFormElement>("[data-check-form]")) offerForm(form);
