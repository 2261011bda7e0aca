import { Agent, request } from "node:http";
import { type Figure, type Measurement, quantile, rounded } from "./figure.ts";
import { prepareMix } from "./mix.ts";
import { type Orderer, openOrderer } from "./orderer.ts";

const WARM_UP = 60;
const COUNT = 600;

/** How long one client waits over HTTP, on an idle node, until its transaction is on disk. */
export const writeAck: Measurement = {
  names: ["write.ack-p50-ms", "write.ack-p99-ms"],
  measure: async () => {
    const orderer = await openOrderer();
    const agent = new Agent({ keepAlive: true });
    try {
      return figures(await waits(orderer, agent));
    } finally {
      agent.destroy();
      await orderer.close();
      orderer.remove();
    }
  },
};

const figures = (waits: readonly number[]): Figure[] => [
  { name: "write.ack-p50-ms", value: rounded(quantile(waits, 0.5)), unit: "ms" },
  { name: "write.ack-p99-ms", value: rounded(quantile(waits, 0.99)), unit: "ms" },
];

async function waits(orderer: Orderer, agent: Agent): Promise<number[]> {
  const took: number[] = [];
  for (const bytes of prepareMix(orderer, WARM_UP + COUNT)) {
    const startedMs = performance.now();
    const answer = await post(`${orderer.node.url}/v1/transactions?wait=true`, agent, bytes);
    took.push(performance.now() - startedMs);
    if (!answer.includes('"ok":true')) throw new Error(answer);
  }
  return took.slice(WARM_UP);
}

const post = (url: string, agent: Agent, bytes: Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/cose", "Content-Length": bytes.length };
    const sent = request(url, { method: "POST", agent, headers }, async (answer) => {
      let text = "";
      for await (const part of answer.setEncoding("utf8")) text += part;
      resolve(text);
    });
    sent.on("error", reject);
    sent.end(bytes);
  });
