/** The credentials of a request, of any protocol. Only the parts that its token requires are read. */
export interface PresentedCredentials {
  /** The Authorization field (RFC 9110 section 11.6.2). */
  readonly authorization: string | undefined;
  /** The X-API-Key field: one key. */
  readonly apiKey: string | undefined;
  /** The DPoP field: one proof (RFC 9449 section 4.1). */
  readonly dpop: string | undefined;
  readonly method: string;
  /** The address that was asked for, under the platform's public base URL, without a query. */
  readonly url: string;
  /** The certificate that the sender proved to hold; null for none. */
  readonly certificate: PresentedCertificate | null;
  /** Called before an uncached credential is checked; throws when its sender is rate limited. */
  beforeJudging(): void;
  /** Adds a nonce for the sender's next proof to the response (RFC 9449 section 8.2). */
  offerNonce(nonce: string): void;
}

export interface PresentedCertificate {
  /** SHA-256 of the DER form, base64url (RFC 8705 section 3.1). */
  readonly x5tS256: string;
}
