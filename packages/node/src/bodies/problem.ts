import { refusalWords } from "../api/problem.ts";

/** What is wrong and how to mend it, without a word of what was sent. */
interface Words {
  readonly status: number;
  readonly what: string;
  readonly mend: string;
}

const SEE_SPEC = "See spec/bodies-api.md for what this resource takes.";

const BODY_PROBLEMS: Readonly<Record<string, Words>> = {
  "bodies/malformed-request": {
    status: 400,
    what: "The request's body is not JSON of the form that this resource takes.",
    mend: SEE_SPEC,
  },
  "bodies/unknown-member": {
    status: 404,
    what: "This node hosts no such member.",
    mend: "Ask the node of the member's operator: /v1/network lists them.",
  },
  "bodies/service-not-offered": {
    status: 404,
    what: "The member has not adopted this service, or it is not in force yet.",
    mend: "Ask a member that has: the adoptions stand on the ledger.",
  },
  "bodies/not-a-demonstration": {
    status: 403,
    what: "This is for the staff of a demonstration, and this network is none.",
    mend: "Use the body's own register.",
  },
  "bodies/unknown-person": {
    status: 404,
    what: "The body's register has no such entry.",
    mend: "Check the person's id.",
  },
  "bodies/not-an-issuer": {
    status: 404,
    what: "The body does not issue this type of credential, or is not accredited for it.",
    mend: "Ask an issuer that the ledger lists for the type.",
  },
  "bodies/fact-not-held": {
    status: 422,
    what: "The register's entry lacks the fact, or the fact lies outside the body's area.",
    mend: "Ask the body that holds the fact.",
  },
  "bodies/signature-wrong": {
    status: 403,
    what: "The transaction's header has no key, or that key did not sign it.",
    mend: "Put the case's own key into the header and sign with it.",
  },
  "bodies/not-an-application": {
    status: 422,
    what: "The transaction does not open a case of this service with this body, and nothing else.",
    mend: "Ask for a fresh request and use its authority, definition and action.",
  },
  "bodies/not-our-sponsorship": {
    status: 422,
    what: "The transaction's sponsor is not this body.",
    mend: "Name the body that is asked as the sponsor.",
  },
  "bodies/fields-differ": {
    status: 422,
    what: "The openings are not the fields that the request asks for, in its order.",
    mend: "Give every field of the request once; one that is withheld is null.",
  },
  "bodies/commitment-differs": {
    status: 422,
    what: "The openings do not give the commitment in the transaction.",
    mend: "Send the openings of this very transaction.",
  },
  "bodies/nonce-unknown": {
    status: 422,
    what: "The nonce was never issued, was used already, or is past its time.",
    mend: "Ask for a fresh request.",
  },
  "bodies/fact-not-asked": {
    status: 422,
    what: "A presentation shows something that nobody asked for, or a fact twice.",
    mend: "Show only the claims of the request.",
  },
  "bodies/fact-not-proven": {
    status: 422,
    what: "A field has a value that no presentation shows.",
    mend: "Show the credential, or leave the field null.",
  },
  "bodies/fact-differs": {
    status: 422,
    what: "A field has another value than the credential shown for it.",
    mend: "Commit to the value in the credential.",
  },
  "bodies/tag-differs": {
    status: 422,
    what: "The transaction's tags are not those that the credential shows.",
    mend: "Show the claims under tags in the request, and put their bytes into the transaction.",
  },
  "bodies/case-signature-wrong": {
    status: 401,
    what: "The request is not signed by the key that opened the case, or was signed too long ago.",
    mend: "Sign it with the case's key (RFC 9421); spec/bodies-api.md §5.",
  },
  "bodies/unknown-case": {
    status: 404,
    what: "This body has no such case.",
    mend: "Check the case id, and ask the body that the application was made to.",
  },
  "bodies/case-erased": {
    status: 410,
    what: "The body has destroyed what it knew about this case.",
    mend: "The receipts still verify; there is nothing more to see here.",
  },
  "bodies/unknown-status-list": {
    status: 404,
    what: "The body publishes no such status list.",
    mend: "Use the address in the credential.",
  },
};

const DELIVERY_PROBLEMS: Readonly<Record<string, Words>> = {
  "delivery/malformed": {
    status: 400,
    what: "The body is not a delivery.",
    mend: "See spec/delivery.md §4.",
  },
  "delivery/not-ours": {
    status: 404,
    what: "The recipient is not a member at this node.",
    mend: "Send it to the node of the recipient's operator.",
  },
  "delivery/unknown-disclosure": {
    status: 404,
    what: "The ledger, as far as this node holds it, shows no such act for this recipient.",
    mend: "Record the act first; if it is recorded, send it again shortly.",
  },
  "delivery/envelope-differs": {
    status: 422,
    what: "The envelope is not the one whose hash stands on the ledger.",
    mend: "Send the envelope that was recorded.",
  },
  "delivery/no-live-gateway": {
    status: 403,
    what: "The gateway that the disclosure names is not live.",
    mend: "Agree on a gateway, then disclose anew.",
  },
  "delivery/does-not-open": {
    status: 422,
    what: "The envelope does not open with the recipient's key, or holds no such contents.",
    mend: "Seal it to the key in genesis, for this case, name and recipient.",
  },
  "delivery/commitment-differs": {
    status: 422,
    what: "What was sealed does not open the commitment on the ledger.",
    mend: "Disclose anew, and seal what is committed to.",
  },
  "delivery/fields-differ": {
    status: 422,
    what: "What was sealed holds other fields than the definition names for this disclosure.",
    mend: "Disclose anew, and seal what the definition names and nothing else.",
  },
  "delivery/case-erased": {
    status: 410,
    what: "The recipient has destroyed its key to this case.",
    mend: "There is nothing more to deliver in it.",
  },
};

const PROBLEMS: Readonly<Record<string, Words>> = { ...BODY_PROBLEMS, ...DELIVERY_PROBLEMS };
const PRESENTATION_REFUSED: Words = {
  status: 422,
  what: "A presentation is refused.",
  mend: "See the faults and spec/credentials.md §6.",
};
const LEDGER_STATUS = 409;
const UNREADABLE_STATUS = 400;
const LATER_STATUS = 503;

/** Every code of this room, for the tests and for the specification. */
export const BODY_CODES: readonly string[] = Object.keys(PROBLEMS);

/**
 * A problem document (RFC 9457). Codes of the ledger come with the ledger's own words; `extra` may
 * add faults, which hold no value that was sent.
 */
export function problem(code: string, extra: Readonly<Record<string, unknown>> = {}): Response {
  const words = PROBLEMS[code] ?? foreign(code);
  const document = {
    type: `urn:tallystick:problem:${code}`,
    title: words.what,
    status: words.status,
    code,
    mend: words.mend,
    ...extra,
  };
  return new Response(JSON.stringify(document), {
    status: words.status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store" },
  });
}

function foreign(code: string): Words {
  const isCredential = code.startsWith("credentials/") || code.startsWith("facts/");
  if (isCredential) return PRESENTATION_REFUSED;
  if (code.startsWith("node/")) return { status: LATER_STATUS, ...refusalWords(code) };
  const isForm = code.startsWith("transaction/") && !code.endsWith("repeated");
  return { status: isForm ? UNREADABLE_STATUS : LEDGER_STATUS, ...refusalWords(code) };
}
