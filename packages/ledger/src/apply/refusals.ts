/** Fate (a): for these there is no leaf and no change of state. In the order of checking. */
export const TRANSACTION_REFUSALS = {
  "transaction/too-large": {
    what: "The transaction is longer than 49,152 bytes.",
    mend: "Send fewer messages in one transaction.",
  },
  "transaction/not-cose-sign1": {
    what: "The bytes are not a COSE_Sign1 structure with tag 18.",
    mend: "Build the transaction with the client, and send its bytes unchanged.",
  },
  "transaction/envelope-not-deterministic": {
    what: "The envelope is not in the one encoding that is allowed.",
    mend: "Write lengths in their shortest form and none of them as indefinite.",
  },
  "transaction/unprotected-header-not-empty": {
    what: "The unprotected header is not empty.",
    mend: "Put every parameter into the protected header.",
  },
  "transaction/trailing-bytes": {
    what: "Bytes follow the transaction.",
    mend: "Send one transaction and nothing after it.",
  },
  "transaction/bad-protected-header": {
    what: "The protected header does not hold exactly algorithm, key id and, if given, the key.",
    mend: "Write the header's entries once each, in their fixed order.",
  },
  "transaction/unknown-algorithm": {
    what: "The signature's algorithm is neither Ed25519 (-19) nor ESP256 (-9).",
    mend: "Sign with Ed25519 or with ECDSA on P-256.",
  },
  "transaction/bad-key-id": {
    what: "The key id is not 32 bytes.",
    mend: "Use the key's RFC 9679 thumbprint.",
  },
  "transaction/bad-key": {
    what: "The key in the header cannot be read.",
    mend: "Write the COSE_Key with its required parameters alone, and a point on its curve.",
  },
  "transaction/key-does-not-fit-algorithm": {
    what: "The key is of another kind than the algorithm.",
    mend: "Name the algorithm that the key signs with.",
  },
  "transaction/key-does-not-fit-id": {
    what: "The key in the header is not the one that the key id names.",
    mend: "Use the thumbprint of that key as the key id.",
  },
  "transaction/bad-signature-length": {
    what: "The signature is not 64 bytes.",
    mend: "For P-256 write r and s with 32 bytes each.",
  },
  "transaction/signature-not-low-s": {
    what: "Of the two P-256 signatures that fit, only the one with the lower s is taken.",
    mend: "Replace s by the group order minus s.",
  },
  "transaction/payload-not-deterministic": {
    what: "The payload is not in the one encoding that is allowed.",
    mend: "Encode it by RFC 8949 section 4.2, with arrays, integers, bytes, text, booleans and null.",
  },
  "transaction/payload-too-deep": {
    what: "Arrays in the payload are nested more than 16 deep.",
    mend: "Build the payload as the specification of transactions says.",
  },
  "transaction/payload-not-nine-items": {
    what: "The payload is not an array of nine items.",
    mend: "Build the payload as the specification of transactions says.",
  },
  "transaction/unknown-version": {
    what: "The payload's version is not one that this ledger reads.",
    mend: "Use version 1.",
  },
  "transaction/bad-nonce": {
    what: "The nonce is not 16 bytes.",
    mend: "Use 16 fresh random bytes.",
  },
  "transaction/bad-valid-until": {
    what: "Valid-until is not a time in milliseconds.",
    mend: "Take the ledger's time and add at most ten minutes.",
  },
  "transaction/bad-acted-at": {
    what: "Acted-at is neither null nor a time in milliseconds.",
    mend: "Leave it null unless a member of staff acted earlier.",
  },
  "transaction/bad-place": {
    what: "The place is missing or is none of the kinds of place.",
    mend: "Say where the act was done: site, UPRN, grid reference, coordinates or area.",
  },
  "transaction/bad-capacity": {
    what: "The capacity in which the signer acts cannot be read.",
    mend: "Say whether the signer acts for himself or herself, under a mandate or with help.",
  },
  "transaction/bad-sponsor": {
    what: "The sponsor is neither null nor a member's id.",
    mend: "Name the body whose node passes the transaction on.",
  },
  "transaction/bad-message-count": {
    what: "A transaction holds 1 to 16 messages.",
    mend: "Split it into several transactions.",
  },
  "transaction/unknown-message": {
    what: "A message is of a type that this ledger does not have.",
    mend: "Use a type from the catalogue of messages.",
  },
  "transaction/malformed-message": {
    what: "A message does not have exactly the fields of its type.",
    mend: "Compare it with the catalogue of messages.",
  },
  "transaction/reserved-item-used": {
    what: "The payload's ninth item is reserved and must be null.",
    mend: "Leave it null.",
  },
  "transaction/expired": {
    what: "The transaction's last valid moment is over.",
    mend: "Build and sign it again with the ledger's present time.",
  },
  "transaction/valid-too-long": {
    what: "Valid-until lies further ahead than the ledger allows.",
    mend: "Take the ledger's time and add five minutes.",
  },
  "transaction/repeated": {
    what: "This transaction has been recorded already.",
    mend: "Look up its outcome under its id; to do the same again, sign it with a new nonce.",
  },
  "transaction/busy": {
    what: "The ledger has as many recent transactions as it can keep apart.",
    mend: "Try again in a minute.",
  },
  "transaction/key-unknown": {
    what: "The key belongs to no member, and it is not given in the header.",
    mend: "Give the key itself beside its id.",
  },
  "transaction/key-kind-not-allowed": {
    what: "Only registered keys of members and staff sign with Ed25519.",
    mend: "Register the key, or sign with a P-256 key.",
  },
  "transaction/sponsor-missing": {
    what: "A key that belongs to no member needs a sponsor.",
    mend: "Name the body whose node passes the transaction on.",
  },
  "transaction/sponsor-unknown": {
    what: "The sponsor does not take part in this ledger.",
    mend: "Name a body listed on the ledger.",
  },
  "transaction/sponsor-not-needed": {
    what: "A member's or staff key acts by itself, and a sponsor is named.",
    mend: "Leave the sponsor out.",
  },
  "transaction/sponsor-quota": {
    what: "The sponsor has passed on as many transactions as one block takes from it.",
    mend: "Send it again: the next block has room.",
  },
  "transaction/place-too-coarse": {
    what: "Bodies and their staff say exactly where they act, and an area is too coarse.",
    mend: "Give a registered site, a UPRN, a grid reference or coordinates.",
  },
  "transaction/place-too-fine": {
    what: "A resident's place is finer than the ledger may hold.",
    mend: "Give the area code of the authority, and nothing finer.",
  },
  "transaction/site-unknown": {
    what: "The site is not one that the body has registered.",
    mend: "Register the site first, or name another.",
  },
  "transaction/acted-at-not-allowed": {
    what: "Only staff may say that they acted at another time than the block's.",
    mend: "Leave acted-at out.",
  },
  "transaction/acted-at-in-future": {
    what: "Acted-at lies in the future.",
    mend: "Set the clock right and sign again.",
  },
  "transaction/wrong-network": {
    what: "The transaction is signed for another ledger.",
    mend: "Sign it with this ledger's network id.",
  },
  "transaction/bad-signature": {
    what: "The signature does not fit the transaction, the key and this ledger's network id.",
    mend: "Sign the bytes unchanged, with the key named and for this ledger.",
  },
} as const;
