/** What the agreements module refuses, in the order of checking. */
export const AGREEMENTS_REFUSALS = {
  "agreements/not-controller": {
    what: "An agreement is published by one of its controllers, and the signer is none.",
    mend: "Sign with the act key of a body that the agreement names as controller.",
  },
  "agreements/id-taken": {
    what: "Another agreement already has this id.",
    mend: "Choose another id.",
  },
  "agreements/party-unknown": {
    what: "The agreement names no recipient, or a party that does not take part in this ledger.",
    mend: "Name at least one recipient, and parties by the ids that the ledger lists.",
  },
  "agreements/bad-dates": {
    what: "The days do not follow each other: start, then review and end.",
    mend: "Let the review and the end lie on or after the start.",
  },
  "agreements/bad-retention": {
    what: "The retention is not a length of time.",
    mend: "Write it as ISO 8601, for instance P28D or P3M.",
  },
  "agreements/nothing-disclosed": {
    what: "The agreement does not say which fields may be disclosed.",
    mend: "List them as service/field, for instance bus-pass/pass.status.",
  },
  "agreements/unknown": {
    what: "No agreement has this id.",
    mend: "Check the id against the register of agreements.",
  },
  "agreements/not-party": {
    what: "The signer is neither a controller nor a recipient of this agreement.",
    mend: "Sign with the act key of one of its parties.",
  },
  "agreements/already-accepted": {
    what: "This body has already agreed.",
    mend: "Nothing more is needed from it.",
  },
  "agreements/over": {
    what: "The agreement has ended.",
    mend: "Publish a new agreement.",
  },
  "agreements/end-in-past": {
    what: "An agreement cannot be ended on a day that is over.",
    mend: "Name today or a later day as its last.",
  },
  "agreements/ends-sooner": {
    what: "The agreement already ends on that day or sooner.",
    mend: "Nothing more is needed, unless it is to end sooner still.",
  },
} as const;
