import {
  buildPayload,
  commitFields,
  encodeOpenings,
  type Opening,
  type ServiceRequest,
  type Signer,
  signTransaction,
} from "@tallystick/client";
import { readPath } from "@tallystick/credentials";
import type { CommittedField, MessageOf, TransactionPayload } from "@tallystick/ledger";
import { fromBase64Url, fromHex, toBase64Url } from "@tallystick/log";
import { nodeSha256 } from "../../crypto/sha256.ts";
import type { Resident } from "./resident.ts";
import type { Town } from "./town.ts";
import { AREA } from "./town-members.ts";

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** An application in its parts, so that a test can spoil one of them. */
export interface Draft {
  readonly request: ServiceRequest;
  readonly signer: Signer;
  readonly presentations: readonly string[];
  readonly fields: readonly CommittedField[];
  readonly message: MessageOf<"services/open">;
}

export interface Spoiled {
  readonly message?: Partial<MessageOf<"services/open">>;
  readonly payload?: Partial<TransactionPayload>;
  readonly includeKey?: boolean;
  readonly body?: Readonly<Record<string, unknown>>;
}

const URL_OF_BODY = "/v1/members/avonbridge";

/** What Avonbridge asks for. */
export async function ask(town: Town): Promise<ServiceRequest> {
  const url = `${town.urlOf("avonbridge")}${URL_OF_BODY}/services/bus-pass/request`;
  return (await (await town.fetch(url)).json()) as ServiceRequest;
}

/** A sound application of a resident, ready to be signed; `spoil` changes a value before that. */
export async function draft(
  town: Town,
  { wallet }: Resident,
  spoil: (name: string, value: unknown) => unknown = (_, value) => value,
): Promise<Draft> {
  const request = await ask(town);
  const nowSeconds = Number(town.ledger.now() / 1000n);
  const presented = await wallet.present({ request, nowSeconds });
  if (!presented.ok) throw new Error(presented.code);
  const stated = (vct: string, path: string): unknown => {
    const held = wallet.facts().find((one) => one.vct === vct && one.copy === presented.copy);
    return held === undefined ? null : readPath(held.claims, path);
  };
  const caseId = randomBytes(16);
  const { networkId } = town.ledger;
  const plain = request.fields.map((name) => {
    const fact = request.facts.find((one) => name.startsWith(one.fact));
    const value = stated(fact?.vct ?? "", name.replaceAll(".", "/"));
    return { name, value: spoil(name, value) as string };
  });
  const options = { sha: nodeSha256, randomBytes, networkId, caseId };
  const { root, opening } = commitFields(options, plain);
  const [tag] = request.tags;
  const message: MessageOf<"services/open"> = {
    type: "services/open",
    case: caseId,
    definition: fromHex(request.definition) ?? new Uint8Array(),
    authority: request.authority,
    action: request.action,
    commitment: root,
    tags: [{ name: "applicant", tag: tagOf(stated(tag?.vct ?? "", tag?.claim ?? "")) }],
  };
  const signer = await wallet.caseKey();
  const { presentations } = presented;
  return { request, signer, presentations, fields: opening.fields, message };
}

const tagOf = (value: unknown): Uint8Array => fromBase64Url(String(value)) ?? new Uint8Array(32);

/** Signs and sends a draft, spoiled or not; what the body answers. */
export async function sendDraft(town: Town, made: Draft, spoiled: Spoiled = {}): Promise<Response> {
  const { ledger } = town;
  const payload = buildPayload(
    {
      place: { kind: "area", code: AREA },
      sponsor: "avonbridge",
      messages: [{ ...made.message, ...spoiled.message }],
    },
    { nowMs: ledger.now(), randomBytes },
  );
  const { bytes } = await signTransaction({
    sha: nodeSha256,
    networkId: ledger.networkId,
    payload: { ...payload, ...spoiled.payload },
    signer: made.signer,
    includeKey: spoiled.includeKey ?? true,
  });
  return town.fetch(`${town.urlOf("avonbridge")}${URL_OF_BODY}/cases`, {
    method: "POST",
    body: JSON.stringify({
      nonce: made.request.nonce,
      transaction: toBase64Url(bytes),
      presentations: made.presentations,
      openings: openingsOf(town, made),
      ...spoiled.body,
    }),
  });
}

/** The openings of a draft as JSON. */
export const openingsOf = ({ ledger }: Town, { message, fields }: Draft): readonly Opening[] =>
  encodeOpenings({ networkId: ledger.networkId, caseId: message.case, fields });

/** The refusal code in an answer; null when it was taken. */
export const codeOf = async (answer: Response): Promise<string | null> =>
  answer.ok ? null : ((await answer.json()) as { code: string }).code;
