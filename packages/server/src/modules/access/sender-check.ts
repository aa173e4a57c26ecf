import { hash } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Identity } from './identity.ts';
import type { PresentedCredentials } from './presented-credentials.ts';
import type { ProofNonces } from './proof-nonces.ts';
import type { ProofVerifier } from './proof-verifier.ts';
import type { SpentProofStore } from './spent-proof-store.ts';

export interface SenderCheckPorts {
  readonly proofs: ProofVerifier;
  readonly nonces: ProofNonces;
  readonly spentProofs: SpentProofStore;
  readonly clock: Clock;
}

/** A token as it was sent: its identity and its scheme. */
export interface SentToken {
  readonly identity: Identity;
  readonly scheme: 'bearer' | 'dpop';
  /** SHA-256 of the token, base64url. */
  readonly digest: string;
}

/** A proof is remembered for as long as it could be accepted: its time may be ahead by one window, it is valid for another, and clocks differ. */
const spentMs = 2 * limits.proofMs + limits.tokenLeewayMs;

/** Checks that a bound token is sent by its holder (RFC 8705 section 3, RFC 9449 section 7). */
export class SenderCheck {
  readonly #ports: SenderCheckPorts;

  constructor(ports: SenderCheckPorts) {
    this.#ports = ports;
  }

  /**
   * The identity when the sender holds what its token is bound to. Throws or rejects with `access.unauthenticated`, for a proof with
   * `access.proof-invalid` or `access.proof-nonce-needed`, and with `platform.unavailable` when a proof cannot be checked.
   */
  check(sent: SentToken, presented: PresentedCredentials): Identity | Promise<Identity> {
    const { identity, scheme } = sent;
    const { confirmation } = identity;
    // A proof cannot vouch for a token that names no key.
    if (confirmation === null) return scheme === 'bearer' ? identity : refuse();
    const { jkt, x5tS256 } = confirmation;
    if (x5tS256 !== null && presented.certificate?.x5tS256 !== x5tS256) return refuse();
    // RFC 9449 section 7.2: a token with a key is never accepted as a bearer token.
    if ((jkt === null) !== (scheme === 'bearer')) return refuse();
    return jkt === null ? identity : this.#checkProof(sent, jkt, presented);
  }

  async #checkProof({ identity, digest }: SentToken, jkt: string, presented: PresentedCredentials): Promise<Identity> {
    const { proofs, nonces, spentProofs, clock } = this.#ports;
    const { dpop, method, url } = presented;
    if (dpop === undefined) throw new PlatformError('access.proof-invalid');
    const proof = await proofs.verify(dpop, { method, url, tokenDigest: digest });
    if (proof === null || proof.jkt !== jkt) throw new PlatformError('access.proof-invalid');
    const nonce = nonces.current();
    if (proof.nonce !== nonce) presented.offerNonce(nonce);
    if (proof.nonce === null || !nonces.accepts(proof.nonce)) throw new PlatformError('access.proof-nonce-needed');
    if (Math.abs(clock.nowMs() - proof.issuedAtMs) > limits.proofMs) throw new PlatformError('access.proof-invalid');
    const isFirst = await spentProofs.spend(hash('sha256', `proof ${jkt} ${proof.id}`, 'buffer'), spentMs);
    if (!isFirst) throw new PlatformError('access.proof-invalid');
    return identity;
  }
}

function refuse(): never {
  throw new PlatformError('access.unauthenticated');
}
