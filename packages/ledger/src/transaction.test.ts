import { concat, fromHex, toHex } from "@tallystick/log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ed25519Signer,
  nodeHost as host,
  p256Signer,
  signTransaction,
  type TestSigner,
} from "../../../test/support/transactions.ts";
import { type CborInput, encode } from "./cbor.ts";
import { encodeCoseKey } from "./keys.ts";
import type { TransactionPayload } from "./payload.ts";
import { assembleTransaction, decodeTransaction, verifyTransaction } from "./transaction.ts";
import { TRANSACTION_CODES, type TransactionCode } from "./transaction-code.ts";

const networkId = new Uint8Array(32).fill(0x4e);
const member = ed25519Signer("avonbridge/act");
const wallet = p256Signer("wallet");

const payload: TransactionPayload = {
  nonce: new Uint8Array(16).fill(0x11),
  validUntilMs: 1_793_000_000_000n,
  actedAtMs: null,
  place: { kind: "area", code: "E06000023" },
  capacity: { kind: "self" },
  sponsor: "avonbridge",
  messages: [{ type: "agreements/accept", id: "pass-status" }],
};

/** A transaction in pieces, so that each can be got wrong by itself. */
interface Parts {
  head: Uint8Array;
  header: Uint8Array;
  headerHead: Uint8Array;
  unprotected: Uint8Array;
  items: CborInput[];
  payload: Uint8Array | null;
  signature: Uint8Array;
  tail: Uint8Array;
}

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(" ", "")) as Uint8Array;
const { algorithm: MEMBER_ALGORITHM } = member;
const LABEL_4_AND_ID = concat(hex("04 5820"), member.keyId);
const LABEL_KEY = hex("3a 00010000");

const goodParts = (): Parts => {
  const header = concat(hex("a3 01 32"), LABEL_4_AND_ID, LABEL_KEY, encodeCoseKey(member.key));
  return {
    head: hex("d2 84"),
    header,
    headerHead: hex("58 53"),
    unprotected: hex("a0"),
    items: [
      1,
      payload.nonce,
      payload.validUntilMs,
      null,
      [4, "E06000023", 0],
      [0],
      "avonbridge",
      [[202, "pass-status"]],
      null,
    ],
    payload: null,
    signature: new Uint8Array(64),
    tail: new Uint8Array(0),
  };
};

const join = (parts: Parts): Uint8Array =>
  concat(
    parts.head,
    parts.headerHead.length === 2 ? encode(parts.header) : concat(parts.headerHead, parts.header),
    parts.unprotected,
    encode(parts.payload ?? encode(parts.items)),
    encode(parts.signature),
    parts.tail,
  );

const verdict = (bytes: Uint8Array): string => {
  const decoded = decodeTransaction(host, networkId, bytes);
  return decoded.ok ? "ok" : decoded.code;
};

const setItem = (at: number, value: CborInput) => (parts: Parts) => {
  parts.items[at] = value;
};
const setHeader =
  (...pieces: Uint8Array[]) =>
  (parts: Parts) => {
    parts.header = concat(...pieces);
  };
const setPayload = (text: string) => (parts: Parts) => {
  parts.payload = hex(text);
};

const ID = member.keyId;
const KEY = encodeCoseKey(member.key);
const HIGH_S = hex(
  `${"11".repeat(32)}ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550`,
);
const walletHeader = concat(
  hex("a3 01 28 04 5820"),
  wallet.keyId,
  LABEL_KEY,
  encodeCoseKey(wallet.key),
);

type Fault = readonly [code: TransactionCode, part: string, spoil: (parts: Parts) => void];

/** One row a code at least, in the order of the codes; `part` says which piece is spoilt. */
const FAULTS: readonly Fault[] = [
  [
    "transaction/too-large",
    "tail",
    (parts) => {
      parts.tail = new Uint8Array(49_152);
    },
  ],
  [
    "transaction/not-cose-sign1",
    "head",
    (parts) => {
      parts.head = hex("d2 83");
    },
  ],
  [
    "transaction/not-cose-sign1",
    "head",
    (parts) => {
      parts.head = hex("84");
    },
  ],
  [
    "transaction/not-cose-sign1",
    "head",
    (parts) => {
      parts.head = hex("d8 12 84");
    },
  ],
  [
    "transaction/not-cose-sign1",
    "head",
    (parts) => {
      parts.head = hex("d2 9f");
    },
  ],
  [
    "transaction/envelope-not-deterministic",
    "head-length",
    (parts) => {
      parts.headerHead = hex("59 0053");
    },
  ],
  [
    "transaction/unprotected-header-not-empty",
    "unprotected",
    (parts) => {
      parts.unprotected = hex("a1 04 41 00");
    },
  ],
  [
    "transaction/unprotected-header-not-empty",
    "unprotected",
    (parts) => {
      parts.unprotected = hex("b8 00");
    },
  ],
  [
    "transaction/trailing-bytes",
    "tail",
    (parts) => {
      parts.tail = hex("00");
    },
  ],
  ["transaction/bad-protected-header", "header", setHeader()],
  ["transaction/bad-protected-header", "header", setHeader(hex("a1 01 32"))],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("a2"), LABEL_4_AND_ID, hex("01 32")),
  ],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("a2 01 32"), LABEL_4_AND_ID, hex("00")),
  ],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("a3 01 32"), LABEL_4_AND_ID, hex("05 40")),
  ],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("a3 01 32"), LABEL_KEY, KEY, LABEL_4_AND_ID),
  ],
  ["transaction/bad-protected-header", "header", setHeader(hex("a2 01 38 12"), LABEL_4_AND_ID)],
  ["transaction/bad-protected-header", "header", setHeader(hex("a2 18 01 32"), LABEL_4_AND_ID)],
  ["transaction/bad-protected-header", "header", setHeader(hex("b8 02 01 32"), LABEL_4_AND_ID)],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("bf 01 32"), LABEL_4_AND_ID, hex("ff")),
  ],
  ["transaction/bad-protected-header", "header", setHeader(hex("a2 01 32 04 59 0020"), ID)],
  [
    "transaction/bad-protected-header",
    "header",
    setHeader(hex("a4 01 32"), LABEL_4_AND_ID, hex("05 40"), LABEL_KEY, KEY),
  ],
  ["transaction/unknown-algorithm", "header", setHeader(hex("a2 01 27"), LABEL_4_AND_ID)],
  ["transaction/unknown-algorithm", "header", setHeader(hex("a2 01 26"), LABEL_4_AND_ID)],
  ["transaction/bad-key-id", "header", setHeader(hex("a2 01 32 04 41 00"))],
  [
    "transaction/bad-key",
    "header",
    setHeader(hex("a3 01 32"), LABEL_4_AND_ID, LABEL_KEY, hex("a0")),
  ],
  [
    "transaction/bad-key",
    "header",
    setHeader(hex("a3 01 32"), LABEL_4_AND_ID, LABEL_KEY, KEY, hex("00")),
  ],
  [
    "transaction/bad-key",
    "header",
    setHeader(hex("a3 01 32"), LABEL_4_AND_ID, LABEL_KEY, encode(KEY)),
  ],
  [
    "transaction/key-does-not-fit-algorithm",
    "header",
    setHeader(hex("a3 01 28"), LABEL_4_AND_ID, LABEL_KEY, KEY),
  ],
  [
    "transaction/key-does-not-fit-id",
    "header",
    setHeader(hex("a3 01 32 04 5820"), wallet.keyId, LABEL_KEY, KEY),
  ],
  [
    "transaction/bad-signature-length",
    "signature",
    (parts) => {
      parts.signature = new Uint8Array(63);
    },
  ],
  [
    "transaction/bad-signature-length",
    "signature",
    (parts) => {
      parts.signature = new Uint8Array(65);
    },
  ],
  [
    "transaction/signature-not-low-s",
    "header",
    (parts) => {
      parts.header = walletHeader;
      parts.signature = HIGH_S;
    },
  ],
  ["transaction/payload-not-deterministic", "payload", setPayload("89 18 01")],
  ["transaction/payload-not-deterministic", "payload", setPayload("a0")],
  ["transaction/payload-not-deterministic", "payload", setPayload("80 80")],
  ["transaction/payload-not-deterministic", "payload", setPayload("f9 3c00")],
  ["transaction/payload-too-deep", "payload", setPayload(`${"81".repeat(16)}80`)],
  ["transaction/payload-not-nine-items", "payload", setPayload("80")],
  ["transaction/payload-not-nine-items", "payload", setPayload("01")],
  ["transaction/payload-not-nine-items", "payload", setPayload("8a 01 f6 f6 f6 f6 f6 f6 f6 f6 f6")],
  ["transaction/unknown-version", "item 0", setItem(0, 2)],
  ["transaction/unknown-version", "item 0", setItem(0, "1")],
  ["transaction/bad-nonce", "item 1", setItem(1, new Uint8Array(15))],
  ["transaction/bad-nonce", "item 1", setItem(1, null)],
  ["transaction/bad-valid-until", "item 2", setItem(2, -1)],
  ["transaction/bad-valid-until", "item 2", setItem(2, null)],
  ["transaction/bad-acted-at", "item 3", setItem(3, -1)],
  ["transaction/bad-acted-at", "item 3", setItem(3, "now")],
  ["transaction/bad-place", "item 4", setItem(4, null)],
  ["transaction/bad-place", "item 4", setItem(4, [5, "E06000023", 0])],
  ["transaction/bad-place", "item 4", setItem(4, [4, "Bristol", 0])],
  ["transaction/bad-place", "item 4", setItem(4, [4, "E06000023", 1])],
  ["transaction/bad-place", "item 4", setItem(4, [0, "", 0])],
  ["transaction/bad-place", "item 4", setItem(4, [1, 0, 0])],
  ["transaction/bad-place", "item 4", setItem(4, [2, "ST587", 1000])],
  ["transaction/bad-place", "item 4", setItem(4, [2, "ST5873", 0])],
  ["transaction/bad-place", "item 4", setItem(4, [3, [900_000_001, 0], 10])],
  ["transaction/bad-place", "item 4", setItem(4, [3, [0, 0, 0], 10])],
  ["transaction/bad-capacity", "item 5", setItem(5, [])],
  ["transaction/bad-capacity", "item 5", setItem(5, [4])],
  ["transaction/bad-capacity", "item 5", setItem(5, [0, null])],
  ["transaction/bad-capacity", "item 5", setItem(5, [1, new Uint8Array(15)])],
  ["transaction/bad-capacity", "item 5", setItem(5, [2, new Uint8Array(16)])],
  ["transaction/bad-capacity", "item 5", setItem(5, 0)],
  ["transaction/bad-sponsor", "item 6", setItem(6, "")],
  ["transaction/bad-sponsor", "item 6", setItem(6, 7)],
  ["transaction/bad-message-count", "item 7", setItem(7, [])],
  ["transaction/bad-message-count", "item 7", setItem(7, Array(17).fill([202, "a"]))],
  ["transaction/bad-message-count", "item 7", setItem(7, null)],
  ["transaction/unknown-message", "item 7", setItem(7, [[9_999]])],
  ["transaction/malformed-message", "item 7", setItem(7, [[202, 7]])],
  [
    "transaction/malformed-message",
    "item 7",
    setItem(7, [
      [202, "a"],
      [202, "b", null],
    ]),
  ],
  ["transaction/reserved-item-used", "item 8", setItem(8, "a memo")],
];

describe("one transaction has one encoding", () => {
  test("the pieces put together are the transaction", () => {
    expect(verdict(join(goodParts()))).toBe("ok");
    const assembled = assembleTransaction({
      networkId,
      algorithm: MEMBER_ALGORITHM,
      keyId: member.keyId,
      key: member.key,
      payload,
      signature: new Uint8Array(64),
    });
    expect(toHex(join(goodParts()))).toBe(toHex(assembled));
  });

  test.each(FAULTS.map((fault, row) => [fault[0], fault[1], row] as const))(
    "%s: %s (row %i)",
    (code, _part, row) => {
      const parts = goodParts();
      (FAULTS[row] as Fault)[2](parts);
      expect(verdict(join(parts))).toBe(code);
    },
  );

  test("every code has a row, and the rows stand in the order of the codes", () => {
    const codes = FAULTS.map(([code]) => code);
    expect([...new Set(codes)]).toEqual([...TRANSACTION_CODES]);
  });

  test("of two faults the earlier one is answered", () => {
    for (const [i, first] of FAULTS.entries()) {
      for (const second of FAULTS.slice(i + 1)) {
        if (first[1] === second[1]) continue;
        if (first[1] === "payload" && second[1].startsWith("item")) continue;
        const parts = goodParts();
        second[2](parts);
        first[2](parts);
        expect(verdict(join(parts)), `${first[0]} before ${second[0]}`).toBe(first[0]);
      }
    }
  });

  test("cut off anywhere it is no transaction", () => {
    const bytes = join(goodParts());
    for (let length = 0; length < bytes.length; length += 1) {
      expect(verdict(bytes.subarray(0, length)), `${length} bytes`).not.toBe("ok");
    }
  });
});

describe("signing", () => {
  const signers: [string, TestSigner][] = [
    ["Ed25519", member],
    ["P-256", wallet],
  ];

  test.each(signers)("%s: what was signed verifies, under its own key and network", (_, signer) => {
    for (const withKey of [true, false]) {
      const bytes = signTransaction({ networkId, signer, payload, withKey });
      const decoded = decodeTransaction(host, networkId, bytes);
      if (!decoded.ok) throw new Error(decoded.code);
      const { transaction } = decoded;
      expect(transaction.payload).toEqual(payload);
      expect(transaction.key).toEqual(withKey ? signer.key : null);
      expect(verifyTransaction(host, transaction, signer.key)).toBe(true);
      const other = signer === member ? wallet : member;
      expect(verifyTransaction(host, transaction, other.key)).toBe(false);
      expect(verifyTransaction(host, transaction, ed25519Signer("other").key)).toBe(false);
      const elsewhere = decodeTransaction(host, new Uint8Array(32), bytes);
      if (!elsewhere.ok) throw new Error(elsewhere.code);
      expect(verifyTransaction(host, elsewhere.transaction, signer.key)).toBe(false);
      expect(elsewhere.transaction.id).not.toEqual(transaction.id);
    }
  });

  test("the id leaves the signature out", () => {
    const one = decodeTransaction(host, networkId, join(goodParts()));
    const bytes = signTransaction({ networkId, signer: member, payload });
    const two = decodeTransaction(host, networkId, bytes);
    if (!one.ok || !two.ok) throw new Error("both are well formed");
    expect(toHex(one.transaction.id)).toBe(toHex(two.transaction.id));
    expect(verifyTransaction(host, one.transaction, member.key)).toBe(false);
  });

  test("a key that is no point is refused before any library sees it", () => {
    const publicKey = wallet.key.publicKey.slice();
    publicKey[63] = (publicKey[63] as number) ^ 1;
    const key = { kind: "p256", publicKey } as const;
    const keyId = host.sha256.one(encodeCoseKey(key));
    const signature = new Uint8Array(64);
    const bytes = assembleTransaction({ networkId, algorithm: -9, keyId, key, payload, signature });
    expect(verdict(bytes)).toBe("transaction/bad-key");
  });
});

describe("whatever bytes", () => {
  const whole = signTransaction({ networkId, signer: wallet, payload });

  /** What cannot be told apart by its content must not differ in its bytes. */
  const isTheOnlyEncoding = (bytes: Uint8Array): boolean => {
    const decoded = decodeTransaction(host, networkId, bytes);
    if (!decoded.ok) return true;
    const again = assembleTransaction({ networkId, ...decoded.transaction });
    return toHex(again) === toHex(bytes);
  };

  test("one bit flipped: refused, or another transaction, and never verified", () => {
    const original = decodeTransaction(host, networkId, whole);
    if (!original.ok) throw new Error(original.code);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = whole.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(isTheOnlyEncoding(bytes), `bit ${bit}`).toBe(true);
      const decoded = decodeTransaction(host, networkId, bytes);
      if (!decoded.ok) continue;
      expect(verifyTransaction(host, decoded.transaction, wallet.key), `bit ${bit}`).toBe(false);
    }
  });

  test("bytes put in, taken out or overwritten never give a second encoding", () => {
    const edit = fc.record({
      at: fc.nat({ max: whole.length }),
      remove: fc.nat({ max: 4 }),
      insert: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let bytes = whole;
        for (const { at, remove, insert } of edits) {
          bytes = concat(bytes.subarray(0, at), insert, bytes.subarray(at + remove));
        }
        return isTheOnlyEncoding(bytes);
      }),
      { numRuns: 3_000 },
    );
  });

  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const natural = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
  const precisionMetres = fc.bigInt({ min: 1n, max: 100_000n });
  const anyPayload: fc.Arbitrary<TransactionPayload> = fc.record({
    nonce: id,
    validUntilMs: natural,
    actedAtMs: fc.option(natural),
    place: fc.oneof(
      fc.constant({ kind: "site", siteId: "depot-2" } as const),
      fc.record({
        kind: fc.constant("uprn" as const),
        uprn: fc.bigInt({ min: 1n, max: 999_999_999_999n }),
      }),
      fc.record({
        kind: fc.constant("grid" as const),
        reference: fc.constant("ST5873"),
        precisionMetres,
      }),
      fc.record({
        kind: fc.constant("coordinates" as const),
        latitudeE7: fc.bigInt({ min: -900_000_000n, max: 900_000_000n }),
        longitudeE7: fc.bigInt({ min: -1_800_000_000n, max: 1_800_000_000n }),
        precisionMetres,
      }),
      fc.constant({ kind: "area", code: "W06000022" } as const),
    ),
    capacity: fc.oneof(
      fc.constant({ kind: "self" } as const),
      fc.constant({ kind: "portal" } as const),
      fc.record({ kind: fc.constant("mandate" as const), mandateId: id }),
      fc.record({ kind: fc.constant("assisted" as const), staffKeyId: hash }),
    ),
    sponsor: fc.option(fc.constant("avonbridge")),
    messages: fc.array(
      fc.record({
        type: fc.constant("services/act" as const),
        case: id,
        action: fc.constant("apply"),
        commitment: fc.option<Uint8Array>(hash),
      }),
      { minLength: 1, maxLength: 16 },
    ),
  });

  test("every payload comes back", () => {
    fc.assert(
      fc.property(anyPayload, fc.boolean(), (any, withKey) => {
        const bytes = signTransaction({ networkId, signer: member, payload: any, withKey });
        const decoded = decodeTransaction(host, networkId, bytes);
        if (!decoded.ok) throw new Error(decoded.code);
        expect(decoded.transaction.payload).toEqual(any);
        expect(verifyTransaction(host, decoded.transaction, member.key)).toBe(true);
      }),
    );
  });
});
