/** Every size that a token may reach. Larger input is refused with a code that names the limit. */

/** Bytes of one token: credential, presentation or status list token. */
export const MAX_TOKEN_BYTES = 65_536;
/** Disclosures carried by one credential. */
export const MAX_DISCLOSURES = 256;
/** Digests in one credential, counted with those of its disclosures and with decoys. */
export const MAX_DIGESTS = 1_024;
/** Nesting of JSON, in each part as it arrives and in the claims once they are put together. */
export const MAX_JSON_DEPTH = 16;
/** Credentials shown together in one act. */
export const MAX_PRESENTATIONS = 8;
/** Entries of one status list. */
export const MAX_STATUS_ENTRIES = 1_048_576;
/** Bytes that a status list may reach when it is unpacked: eight bits for each entry. */
export const MAX_STATUS_LIST_BYTES = 1_048_576;
/** Bytes of one status list token. */
export const MAX_STATUS_TOKEN_BYTES = 2_097_152;

/** How old a presentation may be. */
export const PRESENTATION_AGE_SECONDS = 300;
/** How far two honest clocks may disagree. */
export const CLOCK_SKEW_SECONDS = 60;
