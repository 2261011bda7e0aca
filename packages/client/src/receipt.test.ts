import { describe, expect, it } from "vitest";
import { completeReceipt, extractReceiptText, formatReceipt, parseReceipt } from "./receipt.ts";
import { receiptOf, stateContent, transactionContent } from "./testing/sample-log.ts";

const page = (inside: string): string =>
  `<!doctype html>\n<html><body><h1>Receipt</h1>${inside}</body></html>`;
const element = (text: string): string => `<pre id="tallystick-receipt">${text}</pre>`;

describe("receipt", () => {
  it("reads what it writes", async () => {
    for (const content of [await transactionContent(), stateContent(true)]) {
      const text = receiptOf(content);
      const receipt = parseReceipt(text);
      expect(receipt?.content).toEqual(content);
      expect(formatReceipt({ ...receipt!, content })).toBe(text);
    }
  });

  it("reads a receipt without the network's id", async () => {
    const content = { ...(await transactionContent()), networkId: null };
    expect(parseReceipt(receiptOf(content))?.content).toEqual(content);
  });

  it("takes back the bytes that a node left out", async () => {
    const content = await transactionContent();
    const without = receiptOf({ ...content, transaction: null });
    expect(completeReceipt(without, content.transaction!)).toBe(receiptOf(content));
    expect(completeReceipt(receiptOf(stateContent(true)), content.transaction!)).toBeNull();
    expect(completeReceipt("nothing", content.transaction!)).toBeNull();
  });

  it("finds the receipt in an HTML receipt, escaped or not", async () => {
    const text = receiptOf(await transactionContent());
    expect(extractReceiptText(text)).toBe(text);
    expect(extractReceiptText(page(element(text)))).toBe(text);
    expect(extractReceiptText(page(element(text.replaceAll("+", "&#43;"))))).not.toBe(text);
    expect(extractReceiptText(page(element("a &amp;&lt;&gt; b")))).toBe("a &<> b");
    expect(extractReceiptText(page(element("&amp;lt;")))).toBe("&lt;");
  });

  it("takes no page that holds none or two", async () => {
    const text = receiptOf(await transactionContent());
    expect(extractReceiptText(page(""))).toBeNull();
    expect(extractReceiptText(page(element(text) + element(text)))).toBeNull();
    expect(extractReceiptText(page(`<pre id="tallystick-receipt">${text}`))).toBeNull();
  });
});
