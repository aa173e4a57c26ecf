import type { JsonObject } from '@colloquy/protocol';
import type { TrustedCardKey } from './trusted-card-key.ts';

/** The result of verifying a card's signatures (A2A 1.0 section 8.4.3). */
export type CardVerdict =
  | { readonly state: 'unsigned' }
  | { readonly state: 'verified'; readonly kid: string }
  | { readonly state: 'untrusted-key'; readonly kids: readonly string[] }
  | { readonly state: 'invalid'; readonly reason: string; readonly kid?: string };

/** The cryptography behind the trust in cards. */
export interface CardVerifier {
  /** Whether this public JWK is a key that can verify with the algorithm. Never rejects. */
  isUsable(publicJwk: JsonObject, algorithm: string): Promise<boolean>;
  /** The key ids that the signatures of a card's wire document name; bounded in number and length. */
  keyIds(document: JsonObject): readonly string[];
  /** Verifies against these keys only. Never rejects because of the document's content. */
  verify(document: JsonObject, keys: readonly TrustedCardKey[]): Promise<CardVerdict>;
}
