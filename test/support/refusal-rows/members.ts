import type { Message } from "@tallystick/ledger";
import { idOf } from "../ledger.ts";
import { ed25519Signer, p256Signer } from "../transactions.ts";
import type { RefusalRow } from "./row.ts";

const addStaff = (changes: object = {}): Message => ({
  type: "members/add-staff-key",
  member: "avon",
  key: ed25519Signer("new").key,
  role: "officer",
  pseudonym: "new",
  ...changes,
});
const removeStaff = (member: string, name: string): Message => ({
  ...{ type: "members/remove-staff-key", member, keyId: ed25519Signer(name).keyId },
});
const addSite = (changes: object = {}): Message => ({
  type: "members/add-site",
  member: "avon",
  siteId: "annex",
  name: "Annex",
  place: { kind: "uprn", uprn: 200n },
  ...changes,
});
const accept: Message = { type: "agreements/accept", id: "hotlist" };

export const membersRows: readonly RefusalRow[] = [
  {
    code: "members/unknown-mandate",
    when: "a mandate is claimed that nobody registered",
    run: (ledger) =>
      ledger.submit("person:ann", accept, {
        capacity: { kind: "mandate", mandateId: idOf("mandate") },
      }),
  },
  {
    code: "members/unknown-helper",
    when: "the helper is no staff",
    run: (ledger) =>
      ledger.submit("person:ann", accept, {
        capacity: { kind: "assisted", staffKeyId: ed25519Signer("stranger").keyId },
      }),
  },
  {
    code: "members/unknown-helper",
    when: "the helper is staff of another body than the sponsor",
    run: (ledger) =>
      ledger.submit("person:ann", accept, {
        sponsor: "severn",
        capacity: { kind: "assisted", staffKeyId: ed25519Signer("olwen").keyId },
      }),
  },
  {
    code: "members/unknown-helper",
    when: "a body's own key is named as helper",
    run: (ledger) =>
      ledger.submit("person:ann", accept, {
        capacity: { kind: "assisted", staffKeyId: ed25519Signer("avon/act").keyId },
      }),
  },
  {
    code: "members/not-a-portal",
    when: "a resident's key claims to be a portal",
    run: (ledger) => ledger.submit("person:ann", accept, { capacity: { kind: "portal" } }),
  },
  {
    code: "members/not-the-member",
    when: "another body adds staff",
    run: (ledger) => ledger.submit("severn/act", addStaff()),
  },
  {
    code: "members/not-the-member",
    when: "staff add staff",
    run: (ledger) => ledger.submit("olwen", addStaff()),
  },
  {
    code: "members/not-the-member",
    when: "another body removes staff",
    run: (ledger) => ledger.submit("severn/act", removeStaff("avon", "olwen")),
  },
  {
    code: "members/not-the-member",
    when: "another body adds a site",
    run: (ledger) => ledger.submit("severn/act", addSite()),
  },
  {
    code: "members/key-kind-not-allowed",
    when: "staff are given a wallet's kind of key",
    run: (ledger) => ledger.submit("avon/act", addStaff({ key: p256Signer("new").key })),
  },
  {
    code: "members/key-known",
    when: "the key is a colleague's",
    run: (ledger) => ledger.submit("avon/act", addStaff({ key: ed25519Signer("olwen").key })),
  },
  {
    code: "members/key-known",
    when: "the key is a body's",
    run: (ledger) => ledger.submit("avon/act", addStaff({ key: ed25519Signer("severn/act").key })),
  },
  {
    code: "members/staff-key-unknown",
    when: "nobody has the key",
    run: (ledger) => ledger.submit("avon/act", removeStaff("avon", "stranger")),
  },
  {
    code: "members/staff-key-unknown",
    when: "the key is another body's staff",
    run: (ledger) => ledger.submit("severn/act", removeStaff("severn", "olwen")),
  },
  {
    code: "members/staff-key-unknown",
    when: "a body would remove its own act key",
    run: (ledger) => ledger.submit("avon/act", removeStaff("avon", "avon/act")),
  },
  {
    code: "members/site-known",
    when: "the site's id is taken",
    run: (ledger) => ledger.submit("avon/act", addSite({ siteId: "main" })),
  },
  {
    code: "members/site-needs-place",
    when: "a site is said to be somewhere in an area",
    run: (ledger) =>
      ledger.submit("avon/act", addSite({ place: { kind: "area", code: "E06000023" } })),
  },
  {
    code: "members/site-needs-place",
    when: "a site is said to be at a site",
    run: (ledger) =>
      ledger.submit("avon/act", addSite({ place: { kind: "site", siteId: "main" } })),
  },
];
