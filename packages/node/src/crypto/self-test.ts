import type { SignatureVerifier } from "@tallystick/ledger";

/** COSE algorithm numbers that the ledger knows. */
export const ED25519 = -19;
export const ESP256 = -9;

interface EdgeCase {
  readonly what: string;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

/**
 * Signatures on which real runtimes disagree, from the C2SP/CCTV Ed25519 collection (its numbers
 * 305, 50, 7, 303, 304, 5, 267, 188, 320), and one with S raised by the group order.
 */
const EDGE_CASES: readonly EdgeCase[] = [
  {
    what: "a plain signature",
    key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
    message: "ed25519vectors 5",
    signature:
      "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a350640657f1cb030f12543549bbabd848dc6403d354e7c99c4d0dcee9f63c9033b00",
    valid: true,
  },
  {
    what: "a key with a low-order component",
    key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
    message: "ed25519vectors 5",
    signature:
      "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a350608f32d206a7c0b7efa9a59e66546e8f1f599ef843fb502c9cc3c4ae8b7c11e05",
    valid: true,
  },
  {
    what: "low-order components that cancel out",
    key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
    message: "ed25519vectors",
    signature:
      "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56bbbfd00bd9c259d8d222d15e67a3d8228585050dbb9b9585be20d8fadc721da03",
    valid: true,
  },
  {
    what: "a small-order key",
    key: "0100000000000000000000000000000000000000000000000000000000000000",
    message: "ed25519vectors 5",
    signature:
      "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a350605ba9a796274d80437afa36f1236563f2f3b0aa84cecddc3d20914615ba4fe02",
    valid: false,
  },
  {
    what: "a small-order R",
    key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
    message: "ed25519vectors 7",
    signature:
      "0100000000000000000000000000000000000000000000000000000000000000330b30d6c1f07511e2208d233b6a34d4ed7109da2dea615bcd97daee3a842704",
    valid: false,
  },
  {
    what: "a small-order R under a mixed key",
    key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
    message: "ed25519vectors 3",
    signature:
      "00000000000000000000000000000000000000000000000000000000000000009472a69cd9a701a50d130ed52189e2455b23767db52cacb8716fb896ffeeac09",
    valid: false,
  },
  {
    what: "a residue that only the cofactor removes",
    key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
    message: "ed25519vectors 3",
    signature:
      "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b2d471882773a677af1e3824e757a33f8ddf7bbeaf3d28a09595eb8daa0d74a03",
    valid: false,
  },
  {
    what: "a key in a second encoding",
    key: "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    message: "ed25519vectors 15",
    signature:
      "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a350605ba9a796274d80437afa36f1236563f2f3b0aa84cecddc3d20914615ba4fe02",
    valid: false,
  },
  {
    what: "R in a second encoding",
    key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
    message: "ed25519vectors 7",
    signature:
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f330b30d6c1f07511e2208d233b6a34d4ed7109da2dea615bcd97daee3a842704",
    valid: false,
  },
  {
    what: "S not reduced by the group order",
    key: "ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f28076",
    message: "ed25519vectors 5",
    signature:
      "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a35062d397579ca93037e19f1925d9c7e6cdb403d354e7c99c4d0dcee9f63c9033b10",
    valid: false,
  },
];

/** The runtime judges signatures unlike the other members' runtimes: it would fork the ledger. */
export class RuntimeDisagrees extends Error {
  readonly code = "node/runtime-disagrees";
  constructor(what: string) {
    super(`This runtime judges ${what} unlike the ledger's rule. Run the pinned Node 24.`);
    this.name = "RuntimeDisagrees";
  }
}

/** Throws RuntimeDisagrees when `verify` is not strict Ed25519. Takes about a millisecond. */
export function selfTest(verify: SignatureVerifier): void {
  for (const { what, key, message, signature, valid } of EDGE_CASES) {
    const verdict = verify(
      ED25519,
      new Uint8Array(Buffer.from(key, "hex")),
      new Uint8Array(Buffer.from(message, "utf8")),
      new Uint8Array(Buffer.from(signature, "hex")),
    );
    if (verdict !== valid) throw new RuntimeDisagrees(what);
  }
}
