/** What the credentials module refuses, in the order of checking. */
export const CREDENTIALS_REFUSALS = {
  "credentials/not-registrar": {
    what: "Only a body with the role registrar-of-issuers may say who issues what.",
    mend: "Ask the registrar of issuers to sign this.",
  },
  "credentials/issuer-unknown": {
    what: "The issuer does not take part in this ledger.",
    mend: "Use the id of a body listed on the ledger.",
  },
  "credentials/key-kind-not-allowed": {
    what: "Credentials are signed with P-256 keys, and this key is of another kind.",
    mend: "Give the issuer's P-256 key.",
  },
  "credentials/already-accredited": {
    what: "The body is already accredited for this type of credential.",
    mend: "To change its key or level, withdraw the accreditation first.",
  },
  "credentials/not-accredited": {
    what: "The body is not accredited for this type of credential.",
    mend: "Check the type and the issuer; perhaps it has been withdrawn already.",
  },
  "credentials/not-issuer": {
    what: "A status list is published by its own issuer, and the signer is not an accredited one.",
    mend: "Sign with the act key of the issuer, once it is accredited.",
  },
  "credentials/wrong-version": {
    what: "A status list's version must follow the one before.",
    mend: "Publish the list under the version after the newest one; the first is 1.",
  },
} as const;
