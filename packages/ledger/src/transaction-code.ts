/**
 * Every reason for which bytes are no transaction of protocol 1, in the order in which they are
 * looked for: of two faults the earlier one is answered. spec/transaction.md says what each means.
 */
export const TRANSACTION_CODES = [
  "transaction/too-large",
  "transaction/not-cose-sign1",
  "transaction/envelope-not-deterministic",
  "transaction/unprotected-header-not-empty",
  "transaction/trailing-bytes",
  "transaction/bad-protected-header",
  "transaction/unknown-algorithm",
  "transaction/bad-key-id",
  "transaction/bad-key",
  "transaction/key-does-not-fit-algorithm",
  "transaction/key-does-not-fit-id",
  "transaction/bad-signature-length",
  "transaction/signature-not-low-s",
  "transaction/payload-not-deterministic",
  "transaction/payload-too-deep",
  "transaction/payload-not-nine-items",
  "transaction/unknown-version",
  "transaction/bad-nonce",
  "transaction/bad-valid-until",
  "transaction/bad-acted-at",
  "transaction/bad-place",
  "transaction/bad-capacity",
  "transaction/bad-sponsor",
  "transaction/bad-message-count",
  "transaction/unknown-message",
  "transaction/malformed-message",
  "transaction/reserved-item-used",
] as const;

export type TransactionCode = (typeof TRANSACTION_CODES)[number];
