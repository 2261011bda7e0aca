import Type, { type TObject, type TSchema } from "typebox";
import { MAX_COPIES } from "./issue-facts.ts";

const closed = (properties: Record<string, TSchema>): TObject =>
  Type.Object(properties, { additionalProperties: false });
const open = (properties: Record<string, TSchema>): TObject => Type.Object(properties);

const id: TSchema = Type.String({ pattern: "^[0-9a-f]{32}$", description: "16 bytes in hex" });
const hash: TSchema = Type.String({ pattern: "^[0-9a-f]{64}$", description: "32 bytes in hex" });
const base64url: TSchema = Type.String({ pattern: "^[A-Za-z0-9_-]+$" });
const text: TSchema = Type.String({ maxLength: 200 });
const token: TSchema = Type.String({ maxLength: 100_000 });
const count: TSchema = Type.Integer({ minimum: 0 });
const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);

/** Names in an address are judged by whoever looks them up, so that each has a code of its own. */
const name: TSchema = Type.String({ maxLength: 128 });

export const memberParameters: TObject = closed({ member: name });
export const personParameters: TObject = closed({ member: name, person: name });
export const typeParameters: TObject = closed({ member: name, type: name });
export const listParameters: TObject = closed({ member: name, name });
export const serviceParameters: TObject = closed({ member: name, service: name });
export const caseParameters: TObject = closed({ member: name, case: name });

/** Seconds for which an applicant may wait for a decision. */
export const MAX_WAIT_SECONDS = 30;
export const caseQuery: TObject = closed({
  wait: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_WAIT_SECONDS })),
});

export const deliveryBody: TObject = closed({
  kind: Type.Union([Type.Literal("disclosure"), Type.Literal("opening"), Type.Literal("erasure")]),
  recipient: text,
  case: id,
  reference: Type.Union([hash, id]),
  envelope: base64url,
});
export const deliveryAnswer: TObject = closed({ repeated: Type.Boolean() });

export const personBody: TObject = closed({ facts: Type.Record(Type.String(), Type.Unknown()) });
export const personAnswer: TObject = closed({ person: id });

const jwk: TObject = open({
  kty: Type.Literal("EC"),
  crv: Type.Literal("P-256"),
  x: base64url,
  y: base64url,
});
export const issueBody: TObject = closed({
  person: id,
  holderKeys: Type.Array(jwk, { minItems: 1, maxItems: MAX_COPIES }),
});
export const issueAnswer: TObject = closed({
  vct: text,
  issuer: text,
  credentials: Type.Array(token),
});
export const revocationBody: TObject = closed({ person: id });
export const revocationAnswer: TObject = closed({ revoked: count, version: count });

const opening: TObject = closed({ name: text, salt: base64url, value: Type.Unknown() });
const openings: TSchema = Type.Array(opening, { maxItems: 256 });
export const requestAnswer: TObject = closed({
  ...{ audience: text, nonce: text, expiresAtMs: count, authority: text, service: text },
  ...{ version: text, definition: hash, action: text, fields: Type.Array(text) },
  facts: Type.Array(
    closed({
      ...{ fact: text, vct: text, claims: Type.Array(text), why: text, power: text },
      ...{ seenBy: Type.Array(text), keep: orNull(text) },
    }),
  ),
  tags: Type.Array(closed({ name: text, vct: text, claim: text })),
});
export const applicationBody: TObject = closed({
  nonce: text,
  transaction: Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 65_536 }),
  presentations: Type.Array(token, { maxItems: 32 }),
  openings,
});
export const applicationAnswer: TObject = closed({
  ...{ case: id, transaction: hash, leafIndex: count, state: orNull(text) },
});

const decision: TObject = closed({
  ...{ transaction: hash, action: text, outcome: text, reason: orNull(text), asAt: orNull(text) },
  rule: closed({ service: text, version: text, hash }),
  tables: Type.Array(closed({ name: text, version: Type.Unknown() })),
  workedOut: Type.Record(Type.String(), Type.Unknown()),
  gives: Type.Record(Type.String(), Type.Unknown()),
  openings,
});
export const caseAnswer: TObject = closed({
  ...{ case: id, state: orNull(text), service: text, definition: hash },
  applied: closed({ transaction: hash }),
  waiting: orNull(text),
  missing: Type.Array(text),
  decision: orNull(decision),
  credentials: Type.Record(Type.String(), token),
  disclosures: Type.Array(
    closed({ name: text, recipient: text, transaction: hash, acknowledged: Type.Boolean() }),
  ),
  readings: Type.Array(closed({ atMs: count, who: text, record: text, why: text })),
});
export const erasureAnswer: TObject = closed({
  erased: Type.Literal(true),
  recipients: Type.Array(text),
});

export const deliveriesAnswer: TObject = closed({
  waiting: count,
  overdue: Type.Array(
    closed({
      side: Type.Union([Type.Literal("sent"), Type.Literal("expected")]),
      ...{ other: text, acknowledgeByMs: count, case: id, reference: text },
    }),
  ),
  faults: Type.Array(closed({ kind: text, code: text })),
});
