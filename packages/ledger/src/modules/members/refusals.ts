/** What the members module refuses, in the order of checking. */
export const MEMBERS_REFUSALS = {
  "members/unknown-mandate": {
    what: "The transaction says it is done under a mandate that is not on this ledger.",
    mend: "Act for yourself, or have the mandate registered first.",
  },
  "members/unknown-helper": {
    what: "The helper named is not registered staff of the body that passes the transaction on.",
    mend: "Name the key of a member of staff of that body, or act without help.",
  },
  "members/not-a-portal": {
    what: "Only a body's own key can record an instruction that its portal received.",
    mend: "Sign with the body's act key, or act for yourself.",
  },
  "members/not-the-member": {
    what: "The key that signed is not the act key of the body that must do this.",
    mend: "Sign with the act key of the body named in the message.",
  },
  "members/key-kind-not-allowed": {
    what: "Staff sign with Ed25519 keys, and this key is of another kind.",
    mend: "Make an Ed25519 key for this member of staff.",
  },
  "members/key-known": {
    what: "This key is already registered.",
    mend: "Make a new key: each key stands for one role of one person.",
  },
  "members/staff-key-unknown": {
    what: "No member of staff of this body has this key.",
    mend: "Check the key's id; perhaps it has been removed already.",
  },
  "members/site-known": {
    what: "The body has already registered a site under this id.",
    mend: "Choose another id for the site.",
  },
  "members/site-needs-place": {
    what: "A site is registered by where it is, and an area or another site does not say that.",
    mend: "Give its UPRN, its grid reference or its coordinates.",
  },
} as const;
