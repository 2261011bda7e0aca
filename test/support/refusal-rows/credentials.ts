import type { Message } from "@tallystick/ledger";
import { hashOf } from "../ledger.ts";
import { ed25519Signer, p256Signer } from "../transactions.ts";
import type { RefusalRow } from "./row.ts";

export const accredit = (changes: object = {}): Message => ({
  type: "credentials/accredit",
  vct: "test:residence",
  issuer: "avon",
  level: "high",
  key: p256Signer("avon/issuer").key,
  ...changes,
});
const withdraw: Message = {
  type: "credentials/withdraw",
  vct: "test:residence",
  issuer: "avon",
};
export const statusList = (version: bigint): Message => ({
  type: "credentials/status-list",
  issuer: "avon",
  uri: "https://avon.example/status/1",
  version,
  list: hashOf(`list ${version}`),
});

export const credentialsRows: readonly RefusalRow[] = [
  {
    code: "credentials/not-registrar",
    when: "a body accredits itself",
    run: (ledger) => ledger.submit("avon/act", accredit()),
  },
  {
    code: "credentials/not-registrar",
    when: "a body withdraws its own accreditation",
    run: (ledger) => ledger.must("registrar/act", accredit()).submit("avon/act", withdraw),
  },
  {
    code: "credentials/issuer-unknown",
    when: "the issuer does not take part",
    run: (ledger) => ledger.submit("registrar/act", accredit({ issuer: "stranger" })),
  },
  {
    code: "credentials/key-kind-not-allowed",
    when: "the issuer's key is an Ed25519 key",
    run: (ledger) => ledger.submit("registrar/act", accredit({ key: ed25519Signer("avon").key })),
  },
  {
    code: "credentials/already-accredited",
    when: "it is accredited already",
    run: (ledger) => ledger.must("registrar/act", accredit()).submit("registrar/act", accredit()),
  },
  {
    code: "credentials/not-accredited",
    when: "it never was accredited",
    run: (ledger) => ledger.submit("registrar/act", withdraw),
  },
  {
    code: "credentials/not-accredited",
    when: "it was withdrawn before",
    run: (ledger) =>
      ledger
        .must("registrar/act", accredit())
        .must("registrar/act", withdraw)
        .submit("registrar/act", withdraw),
  },
  {
    code: "credentials/not-issuer",
    when: "the body issues nothing",
    run: (ledger) => ledger.submit("avon/act", statusList(1n)),
  },
  {
    code: "credentials/not-issuer",
    when: "its only accreditation is withdrawn",
    run: (ledger) =>
      ledger
        .must("registrar/act", accredit())
        .must("registrar/act", withdraw)
        .submit("avon/act", statusList(1n)),
  },
  {
    code: "credentials/not-issuer",
    when: "another body publishes it",
    run: (ledger) => ledger.must("registrar/act", accredit()).submit("severn/act", statusList(1n)),
  },
  {
    code: "credentials/wrong-version",
    when: "the first is not 1",
    run: (ledger) => ledger.must("registrar/act", accredit()).submit("avon/act", statusList(2n)),
  },
  {
    code: "credentials/wrong-version",
    when: "a version is published twice",
    run: (ledger) =>
      ledger
        .must("registrar/act", accredit())
        .must("avon/act", statusList(1n))
        .submit("avon/act", statusList(1n)),
  },
];
