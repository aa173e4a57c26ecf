import type { JsonObject } from '@colloquy/protocol';

/** A public key whose card signatures a tenant trusts. */
export interface TrustedCardKey {
  /** As the protected header of a signature names it; unique in the tenant for ever. */
  readonly kid: string;
  /** For people. */
  readonly name: string;
  /** JWS algorithms it may be used with (RFC 7518, RFC 8037); never a symmetric one. */
  readonly algorithms: readonly string[];
  /** The public half (RFC 7517) and nothing else. */
  readonly publicJwk: JsonObject;
  /** Id of the principal that added it. */
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly revokedAt: Date | null;
}

/** A key as it is written. */
export type NewCardKey = Omit<TrustedCardKey, 'addedAt' | 'revokedAt'>;
