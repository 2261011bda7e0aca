import type { PresentationFault, PublicJwk } from "@tallystick/credentials";
import {
  type CommittedField,
  decodeTransaction,
  type MessageOf,
  type Transaction,
  verifyTransaction,
} from "@tallystick/ledger";
import { equal } from "@tallystick/log";
import { type Asked, askFor, type Nonces } from "./ask.ts";
import type { Body } from "./body.ts";
import { rootOf } from "./commitments.ts";
import { judgePresentations } from "./judge-presentations.ts";
import type { StatusLookUp } from "./look-up-status.ts";
import { matchFacts } from "./shown-facts.ts";
import { hasTags } from "./tags.ts";

/** What an applicant sends, read from JSON. */
export interface Application {
  readonly nonce: string;
  readonly transaction: Uint8Array;
  readonly presentations: readonly string[];
  readonly openings: readonly CommittedField[];
}

/** An application in which nothing is wrong. */
export interface SoundApplication extends Application {
  readonly ok: true;
  readonly asked: Asked;
  readonly signed: Transaction;
  readonly message: MessageOf<"services/open">;
  /** The fact that each presentation shows, in their order. */
  readonly shownBy: readonly string[];
  /** The key that all presentations are bound to: the pass will be bound to it too. */
  readonly holderKey: PublicJwk;
}

export interface RefusedApplication {
  readonly ok: false;
  readonly code: string;
  readonly faults?: readonly PresentationFault[];
}

const refuse = (code: string): RefusedApplication => ({ ok: false, code });

interface JudgeContext {
  readonly body: Body;
  readonly nonces: Nonces;
  readonly statuses: StatusLookUp;
}

/** Judges an application in the order of spec/bodies-api.md §4; nothing is written anywhere. */
export async function judgeApplication(
  context: JudgeContext,
  application: Application,
): Promise<SoundApplication | RefusedApplication> {
  const { body, nonces, statuses } = context;
  const opened = judgeTransaction(body, application);
  if (!opened.ok) return opened;
  const { asked, signed, message } = opened;
  const { nonce, presentations, openings } = application;
  if (!nonces.take(nonce, Number(body.ledger.now()))) return refuse("bodies/nonce-unknown");
  const allowedVct = asked.facts.map(({ vct }) => vct);
  const judged = await judgePresentations(
    body,
    { presentations, allowedVct, audience: asked.audience, nonce },
    { nowSeconds: Number(body.ledger.now() / 1000n), statuses },
  );
  if (!judged.ok) return judged;
  const [first] = judged.credentials;
  const matched = matchFacts(asked, judged.credentials, openings);
  if (!matched.ok) return matched;
  if (!hasTags(message.tags, matched.tags)) return refuse("bodies/tag-differs");
  if (first === undefined) return refuse("credentials/nothing-presented");
  const { holderKey } = first;
  return { ...application, ok: true, asked, signed, message, shownBy: matched.shownBy, holderKey };
}

type JudgedTransaction =
  | {
      readonly ok: true;
      readonly asked: Asked;
      readonly signed: Transaction;
      readonly message: MessageOf<"services/open">;
    }
  | RefusedApplication;

/** The transaction's form, signature, purpose, sponsor, fields and commitment. */
function judgeTransaction(body: Body, application: Application): JudgedTransaction {
  const { ledger, member } = body;
  const decoded = decodeTransaction(ledger.host, ledger.networkId, application.transaction);
  if (!decoded.ok) return refuse(decoded.code);
  const signed = decoded.transaction;
  if (signed.key === null || !verifyTransaction(ledger.host, signed, signed.key)) {
    return refuse("bodies/signature-wrong");
  }
  const found = openingIn(body, signed);
  if (found === null) return refuse("bodies/not-an-application");
  const { asked, message } = found;
  if (signed.payload.sponsor !== member.id) return refuse("bodies/not-our-sponsorship");
  if (!hasFields(application.openings, asked.fields)) return refuse("bodies/fields-differ");
  const root = rootOf(body, message.case, application.openings);
  if (root === null || !equal(root, message.commitment)) {
    return refuse("bodies/commitment-differs");
  }
  return { ok: true, asked, signed, message };
}

/** The one message, if it opens a case of a service that this body offers as it asks for it. */
function openingIn(
  body: Body,
  { payload }: Transaction,
): { readonly asked: Asked; readonly message: MessageOf<"services/open"> } | null {
  const [message, ...more] = payload.messages;
  if (message?.type !== "services/open" || more.length > 0) return null;
  const service = body.definitions.get(message.definition)?.service.service;
  const asked = service === undefined ? null : askFor(body, service);
  if (asked === null || message.authority !== body.member.id) return null;
  const isAsked = equal(message.definition, asked.definition) && message.action === asked.action;
  return isAsked ? { asked, message } : null;
}

const hasFields = (openings: readonly CommittedField[], fields: readonly string[]): boolean =>
  openings.length === fields.length && openings.every(({ name }, at) => name === fields[at]);
