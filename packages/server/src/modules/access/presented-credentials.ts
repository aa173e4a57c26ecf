/** What a request brings to prove who sends it, whatever protocol it came by. Read only as far as the token in it asks for. */
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
  /** Asked before a credential is judged that was not a moment ago; throws when its sender may have none judged now. */
  beforeJudging(): void;
  /** Gives the sender a nonce for its next proof (RFC 9449 section 8.2), with whatever it is answered. */
  offerNonce(nonce: string): void;
}

export interface PresentedCertificate {
  /** SHA-256 of the DER form, base64url (RFC 8705 section 3.1). */
  readonly x5tS256: string;
}
