import { type CommittedField, commit } from "@tallystick/ledger";
import { toBase64Url, toHex } from "@tallystick/log";
import { encodeContents } from "../../../packages/node/src/delivery/contents.ts";
import { sealEnvelope } from "../../../packages/node/src/delivery/envelope.ts";
import { nodeSha256 } from "../../support/hosts.ts";
import { someHash } from "../bus-pass.ts";
import type { Lie } from "../lie.ts";
import { applyAs, resident } from "../resident.ts";
import type { Town } from "../town.ts";

const SENDER = "avonbridge";
const RECIPIENT = "severn-buses";
const DISCLOSURE = "hotlist";
const DAY_MS = 86_400_000n;

interface Sealed {
  /** What the ledger's commitment is made of. */
  readonly committed: readonly CommittedField[];
  /** What lies in the envelope. */
  readonly sealed: readonly CommittedField[];
}

const field = (name: string, value: CommittedField["value"]): CommittedField => ({
  name,
  salt: someHash(),
  value,
});

/** `ok` once it is acknowledged, or the code with which the recipient's node refuses a delivery. */
async function deliver(town: Town, caseId: Uint8Array, made: Sealed): Promise<string> {
  const { genesis, networkId } = town.consortium;
  const recipient = genesis.members.find(({ id }) => id === RECIPIENT);
  const envelope = await sealEnvelope({
    networkId,
    recipientKey: recipient?.sealingKey ?? new Uint8Array(),
    context: { caseId, name: DISCLOSURE, recipient: RECIPIENT },
    contents: encodeContents({ kind: "disclosure", caseId, fields: made.sealed }),
  });
  const reference = await town.act(SENDER, [
    {
      type: "services/disclose",
      ...{ case: caseId, disclosure: DISCLOSURE, recipient: RECIPIENT },
      agreement: `${DISCLOSURE}/${SENDER}`,
      commitment: commit(nodeSha256, { networkId, caseId, fields: made.committed }),
      envelope: nodeSha256.one(envelope),
      acknowledgeByMs: town.ledgerOf(SENDER).now() + DAY_MS,
    },
  ]);
  await town.recordedFor(RECIPIENT, reference);
  const response = await fetch(`${town.urlOf(RECIPIENT)}/v1/deliveries`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      kind: "disclosure",
      recipient: RECIPIENT,
      case: toHex(caseId),
      reference: toHex(reference),
      envelope: toBase64Url(envelope),
    }),
  });
  if (!response.ok) return ((await response.json()) as { readonly code: string }).code;
  return (await town.isAcknowledged(reference)) ? "ok" : "not acknowledged";
}

/** A delivery with something false in it, beside one of the same case without. */
const falseDelivery =
  (falsify: (honest: Sealed) => Sealed): Lie["run"] =>
  async (world) => {
    const town = await world.town();
    const { owned } = await applyAs(town, await resident(town, "1950-02-28"));
    const fields = [field("pass.status", ["https://lists.example/pass", 7n, 0n])];
    const honest = { committed: fields, sealed: fields };
    const evidence = await deliver(town, owned.id, falsify(honest));
    return {
      verdict: evidence === "ok" ? "undetectable" : "refused by all",
      evidence,
      honest: await deliver(town, owned.id, honest),
    };
  };

const teller = "the deciding body";

/** Lies in what is sealed and goes from node to node, past the ledger. */
export const deliveryLies: readonly Lie[] = [
  {
    lie: "What is sealed to the recipient is not what the ledger's commitment is made of",
    teller,
    verdict: "refused by all",
    evidence: "delivery/commitment-differs",
    run: falseDelivery(({ committed }) => ({
      committed,
      sealed: committed.map(({ name, salt }) => ({ name, salt, value: ["elsewhere", 8n, 0n] })),
    })),
  },
  {
    lie: "The envelope carries a date of birth beside the field that the definition names",
    teller,
    verdict: "refused by all",
    evidence: "delivery/fields-differ",
    run: falseDelivery(({ committed }) => {
      const more = [...committed, field("dateOfBirth", "1950-02-28")];
      return { committed: more, sealed: more };
    }),
  },
];
