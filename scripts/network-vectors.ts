import {
  definitionHash,
  encode,
  encodeDefinition,
  encodeGenesis,
  encodeMessage,
  MESSAGE_NUMBERS,
  networkId,
  originOf,
  policyText,
} from "@tallystick/ledger";
import { toHex } from "@tallystick/log";
import { messages, testDefinition, testGenesis } from "../test/support/consortium.ts";
import { nodeSha256 as sha } from "../test/support/hosts.ts";

/** A genesis leaf, and all that follows from its bytes alone: spec/genesis.md, spec/policy.md. */
export const genesisVectors = () => {
  const genesis = testGenesis();
  const leaf = encodeGenesis(genesis);
  const network = networkId(sha, leaf);
  return {
    about: "A genesis leaf and what follows from it: spec/genesis.md. Hexadecimal.",
    leaf: toHex(leaf),
    networkId: toHex(network),
    domain: genesis.domain,
    origin: originOf(genesis, network),
    policy: policyText(sha, leaf),
  };
};

/** A compiled definition and its hash: spec/definition.md. */
export const definitionVectors = () => {
  const bytes = encodeDefinition(testDefinition());
  return {
    about: "A compiled definition and its hash: spec/definition.md. Hexadecimal.",
    bytes: toHex(bytes),
    hash: toHex(definitionHash(sha, bytes)),
  };
};

/** The number of every message type, and some messages in their bytes: spec/messages.md. */
export const messageVectors = () => ({
  about: "Message types by number, and messages as CBOR: spec/messages.md. Hexadecimal.",
  numbers: Object.fromEntries([...MESSAGE_NUMBERS].map(([type, number]) => [type, Number(number)])),
  messages: [
    messages.hotlist(),
    messages.adopt(testDefinition()),
    messages.open(),
    messages.act("withdraw"),
    messages.decide("grant"),
  ].map((message) => ({
    type: message.type,
    bytes: toHex(encode(encodeMessage(message))),
  })),
});
