/** The bounds of external issuers, whose tokens a tenant accepts. */
export const issuerLimits = {
  /** External issuers of one tenant. A further one is refused. */
  externalIssuersPerTenantMax: 50,
  /** Scopes of an external issuer that are mapped to ours. A longer map is refused as invalid. */
  externalScopesMax: 100,
  /** A token of an external issuer with a longer life is refused. */
  externalTokenMsMax: 24 * 60 * 60_000,
  /** An external token with a longer subject is refused. */
  externalSubjectCharsMax: 512,
  /** The connection closes after this many bytes of an issuer's metadata or key set, and the read fails. */
  issuerDocumentBytesMax: 256 * 1024,
  /** Fetching one of these documents fails after this time. */
  issuerDocumentMs: 4_000,
  /** Reading all documents of an issuer at its registration fails after this time; less than `addressFailureMs`. */
  issuerExaminationMs: 4_500,
  /** Keys that one external issuer publishes. A larger key set is not used. */
  issuerKeysMax: 100,
  /** The keys of an issuer in use are fetched again after this time. */
  issuerKeysRefreshMs: 5 * 60_000,
  /** While an issuer cannot be reached, its keys are used for this long; afterwards its tokens are refused as not verifiable. */
  issuerKeysHeldMs: 60 * 60_000,
  /** The keys of one issuer are fetched at most this often, whatever key ids are asked for and however often it fails. */
  issuerKeysReadMs: 10_000,
  /** Issuers whose keys one process caches. The least used is dropped first. */
  issuerKeySetsMax: 1_000,
} as const;
