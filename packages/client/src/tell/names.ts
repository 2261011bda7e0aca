/**
 * What stands behind the ids that a transaction holds. Each answers null for what it does not know;
 * then the id itself is told. Hashes and ids of cases are in hexadecimal.
 */
export interface Names {
  /** Whose key this is, in words: "Avonbridge City Council", "An officer of …". */
  readonly signer: (keyId: string) => string | null;
  readonly member: (memberId: string) => string | null;
  readonly site: (siteId: string) => string | null;
  readonly area: (gssCode: string) => string | null;
  readonly service: (definitionHash: string) => ServiceName | null;
  /** The definition that a case was opened under. */
  readonly definitionOfCase: (caseId: string) => string | null;
  readonly agreement: (agreementId: string) => AgreementName | null;
}

export interface ServiceName {
  readonly service: string;
  readonly version: string;
  /** The statute or other power that the service rests on. */
  readonly power: string | null;
}

export interface AgreementName {
  readonly name: string;
  readonly power: string;
}

/** Knows nothing: for a receipt on its own. */
export const NO_NAMES: Names = {
  signer: () => null,
  member: () => null,
  site: () => null,
  area: () => null,
  service: () => null,
  definitionOfCase: () => null,
  agreement: () => null,
};
