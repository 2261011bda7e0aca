import Type, { type TObject, type TSchema } from "typebox";

/** Blocks listed at a time. */
export const MAX_LISTED = 256;
/** Seconds for which a reader may wait for news. */
export const MAX_WAIT_SECONDS = 30;

const closed = (properties: Record<string, TSchema>): TObject =>
  Type.Object(properties, { additionalProperties: false });

const hash: TSchema = Type.String({ pattern: "^[0-9a-f]{64}$", description: "32 bytes in hex" });
const base64: TSchema = Type.String({ contentEncoding: "base64" });
const count: TSchema = Type.Integer({ minimum: 0 });
const wait: TSchema = Type.Optional(
  Type.Integer({ minimum: 0, maximum: MAX_WAIT_SECONDS, description: "seconds to wait for news" }),
);

export const idParameters: TObject = closed({ id: hash });
export const numberParameters: TObject = closed({ number: Type.Integer({ minimum: 1 }) });
export const stateKeyParameters: TObject = closed({
  key: Type.String({
    pattern: "^[a-z][a-z/-]{0,63}:([0-9a-f]{2}){0,512}$",
    description: "module:hex of key",
  }),
});

export const submitQuery: TObject = closed({
  wait: Type.Optional(Type.Union([Type.Literal("true"), Type.Literal("false")])),
});
export const receiptQuery: TObject = closed({ wait });
export const blocksQuery: TObject = closed({
  from: Type.Optional(Type.Integer({ minimum: 1 })),
  last: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED })),
  wait,
});
export const listQuery: TObject = closed({
  before: Type.Optional(count),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED })),
});
export const cosignaturesQuery: TObject = closed({ size: Type.Optional(count), wait });

export const outcomeSchema: TSchema = Type.Union([
  closed({ ok: Type.Literal(true) }),
  closed({
    ok: Type.Literal(false),
    messageIndex: Type.Integer({ minimum: 0, maximum: 15 }),
    code: Type.String(),
    what: Type.String(),
    mend: Type.String(),
  }),
]);

export const acceptedSchema: TObject = closed({ id: hash });
export const recordedSchema: TObject = closed({
  id: hash,
  outcome: outcomeSchema,
  block: count,
  leafIndex: count,
  timeMs: count,
});

export const transactionSchema: TObject = Type.Object({
  id: hash,
  outcome: outcomeSchema,
  block: count,
  leafIndex: count,
  timeMs: count,
  leaf: base64,
  kinds: Type.Array(Type.String()),
  public: Type.Boolean(),
  bytes: Type.Optional(base64),
});

export const headerSchema: TObject = closed({
  number: Type.Integer({ minimum: 1 }),
  timeMs: count,
  firstIndex: count,
  count,
  previousHeaderHash: hash,
  effectsDigest: hash,
  stateRoot: hash,
  proposer: Type.String(),
  site: Type.String(),
  protocolVersion: count,
  leaf: base64,
});
export const blocksSchema: TObject = closed({ blocks: Type.Array(headerSchema) });

export const leafSchema: TObject = Type.Object({
  index: count,
  kind: Type.String(),
  leaf: base64,
  id: Type.Optional(Type.String()),
  outcome: Type.Optional(outcomeSchema),
});
export const blockSchema: TObject = closed({
  header: headerSchema,
  leaves: Type.Array(leafSchema),
});

export const networkSchema: TObject = Type.Object({
  networkId: hash,
  origin: Type.String(),
  name: Type.String(),
  nowMs: count,
  operator: Type.String(),
  role: Type.Union([Type.Literal("orderer"), Type.Literal("follower")]),
  demonstration: Type.Boolean(),
});

export const healthSchema: TObject = Type.Object({
  status: Type.Union([Type.Literal("ok"), Type.Literal("standing still")]),
  role: Type.String(),
  operator: Type.String(),
  blocks: count,
  entries: count,
  nowMs: count,
  checkpoint: count,
  final: count,
  fault: Type.Union([Type.Null(), closed({ code: Type.String(), what: Type.String() })]),
});

export const problemSchema: TObject = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  mend: Type.String(),
});
