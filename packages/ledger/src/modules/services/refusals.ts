/** What the services module refuses, by message in the order of checking. */
export const SERVICES_REFUSALS = {
  "services/not-a-body": {
    what: "This is for bodies that take part, and the key that signed is not a body's act key.",
    mend: "Sign with the act key of a body listed on the ledger.",
  },
  "services/definition-malformed": {
    what: "The bytes are not a compiled service definition.",
    mend: "Compile the service and publish what the compiler writes.",
  },
  "services/definition-unsound": {
    what: "The definition does not hold together: a name, a length of time or a gateway is missing.",
    mend: "Run the service check: it names the place and the mend.",
  },
  "services/definition-known": {
    what: "This definition has been proposed already.",
    mend: "Vote for it instead.",
  },
  "services/definition-unknown": {
    what: "No definition with this hash has been proposed.",
    mend: "Publish the definition first, or check the hash.",
  },
  "services/already-voted": {
    what: "This body has already voted for the definition.",
    mend: "Nothing more is needed from it.",
  },
  "services/definition-not-published": {
    what: "The definition has not had enough votes yet.",
    mend: "Wait until enough bodies have voted for it.",
  },
  "services/role-not-held": {
    what: "The body does not hold the role that the service needs of whoever decides.",
    mend: "Name a body that holds the role.",
  },
  "services/area-not-held": {
    what: "A body adopts a service for areas of its own, and at least one.",
    mend: "Name only areas that the ledger lists for this body.",
  },
  "services/already-adopted": {
    what: "The body has already adopted this definition.",
    mend: "Nothing more is needed from it.",
  },
  "services/case-known": {
    what: "There is already a case with this id.",
    mend: "Open the case under a new random id.",
  },
  "services/not-adopted": {
    what: "The body named as authority has not adopted this definition.",
    mend: "Name the body that runs the service in the area.",
  },
  "services/not-in-force": {
    what: "The authority runs the service by this definition only from a later day.",
    mend: "Use the definition that is in force today, or wait for that day.",
  },
  "services/superseded": {
    what: "The authority now runs the service by a newer definition.",
    mend: "Open the case under the newer definition.",
  },
  "services/area-not-covered": {
    what: "The authority does not run the service in the area in which the act was done.",
    mend: "Apply to the body that runs the service in your area.",
  },
  "services/case-unknown": {
    what: "There is no case with this id.",
    mend: "Check the case's id; perhaps its opening has not been recorded yet.",
  },
  "services/unknown-action": {
    what: "The case's definition has no such action.",
    mend: "Use an action that the definition names.",
  },
  "services/not-an-opening": {
    what: "This action does not open a case.",
    mend: "Open the case with an action that the definition lets open one.",
  },
  "services/wrong-role": {
    what: "The signer is in none of the roles that may do this in the case.",
    mend: "Let somebody do it whom the definition names, with the key that the ledger knows.",
  },
  "services/tag-missing": {
    what: "The service allows one case at a time, and the tag that shows this is missing.",
    mend: "Give one tag for each personal role that the definition's once rule names.",
  },
  "services/tag-unexpected": {
    what: "A tag is given twice, or under a name that the definition's once rule does not have.",
    mend: "Give exactly the tags that the definition asks for.",
  },
  "services/wrong-state": {
    what: "The action may not be taken in the state that the case is in.",
    mend: "Look up the case's state, and what the definition allows in it.",
  },
  "services/too-late": {
    what: "The time within which this may be done is over, or has not begun.",
    mend: "Use the remedy that the service names for later; the refusal is no judgement.",
  },
  "services/never-also": {
    what: "The signer has acted in this case in a role that excludes this one.",
    mend: "Let a colleague do it.",
  },
  "services/own-review": {
    what: "A decision is reviewed by somebody else, and this signer made it.",
    mend: "Let a colleague do the review.",
  },
  "services/too-many-signers": {
    what: "More keys have acted in this case than the ledger keeps apart.",
    mend: "Go on with somebody who has acted in it already.",
  },
  "services/is-a-decision": {
    what: "This action decides the case and needs an outcome.",
    mend: "Record it as a decision.",
  },
  "services/commitment-missing": {
    what: "The action gives facts, and the commitment to them is missing.",
    mend: "Commit to the facts that the definition lists for the action.",
  },
  "services/not-a-decision": {
    what: "This action decides nothing.",
    mend: "Record it as a plain action.",
  },
  "services/wrong-rule": {
    what: "The decision was not made by the rule that the case was opened under.",
    mend: "Decide by the definition that the case pins.",
  },
  "services/unknown-outcome": {
    what: "The definition has no such outcome for this decision.",
    mend: "Use an outcome that the definition names.",
  },
  "services/one-decision": {
    what: "A transaction may hold one decision, so that each can be drawn by itself.",
    mend: "Send each decision in its own transaction.",
  },
  "services/already-open": {
    what: "There is already a case of this kind for the same subject with this authority.",
    mend: "Go on with the case that is open, or close it first.",
  },
  "services/unknown-disclosure": {
    what: "The definition names no such disclosure.",
    mend: "Disclose only what the definition names.",
  },
  "services/wrong-recipient": {
    what: "The definition does not let this go to that recipient.",
    mend: "Name a recipient in the role that the definition gives.",
  },
  "services/gateway-not-needed": {
    what: "An agreement is named where the definition asks for none.",
    mend: "Leave the agreement out.",
  },
  "services/no-live-gateway": {
    what: "No live agreement lets these fields flow from this body to that recipient.",
    mend: "Have the agreement that the definition names accepted, extended or renewed first.",
  },
  "services/bad-acknowledge-by": {
    what: "The time for the acknowledgement is over already, or later than the definition allows.",
    mend: "Ask for the acknowledgement within the time that the definition gives.",
  },
  "services/disclosure-unknown": {
    what: "There is no such disclosure in this case.",
    mend: "Check the transaction, the message and the case.",
  },
  "services/not-the-recipient": {
    what: "Only the recipient of a disclosure acknowledges it.",
    mend: "Sign with the act key of the body that received it.",
  },
  "services/already-acknowledged": {
    what: "The disclosure has been acknowledged already.",
    mend: "Nothing more is needed.",
  },
  "services/act-unknown": {
    what: "No decision was recorded under this transaction id.",
    mend: "Give the id of the transaction that holds the decision.",
  },
  "services/own-act": {
    what: "A body does not draw its own decisions.",
    mend: "Leave the draw to another body.",
  },
  "services/already-drawn": {
    what: "The decision has been drawn already.",
    mend: "Nothing more is needed.",
  },
  "services/checkpoint-malformed": {
    what: "The text is not a signed checkpoint.",
    mend: "Give the whole note with its signature lines.",
  },
  "services/checkpoint-foreign": {
    what: "The checkpoint is of another log, or larger than this one.",
    mend: "Use a checkpoint of this log that your node has cosigned.",
  },
  "services/checkpoint-unsigned": {
    what: "The checkpoint does not carry the log's own good signature.",
    mend: "Keep the log's signature line in the note.",
  },
  "services/checkpoint-too-early": {
    what: "The checkpoint was made before the decision was recorded.",
    mend: "Use the first checkpoint cosigned after the decision.",
  },
  "services/bad-cosignature": {
    what: "The note has no good cosignature by the registered key of the body that draws.",
    mend: "Name your own cosigner and keep its line in the note.",
  },
  "services/not-drawn": {
    what: "By this cosignature the decision is not drawn.",
    mend: "Nothing is to be done: the lot fell on others.",
  },
  "services/act-not-drawn": {
    what: "The decision has not been drawn for audit.",
    mend: "Only drawn decisions are opened; check the transaction id.",
  },
  "services/already-opened": {
    what: "The decision has been opened to an auditor already.",
    mend: "Nothing more is needed.",
  },
  "services/not-an-auditor": {
    what: "The body named is no auditor, or is the one that decided.",
    mend: "Name another body that holds the role auditor.",
  },
  "services/act-not-opened": {
    what: "The decision has not been opened to an auditor yet.",
    mend: "Wait until the deciding body has opened it.",
  },
  "services/already-found": {
    what: "The auditor's finding has been recorded already.",
    mend: "Nothing more is needed.",
  },
  "services/already-erased": {
    what: "The body has already said that it destroyed its key to this case.",
    mend: "Nothing more is needed.",
  },
} as const;
