import { createHmac } from 'node:crypto';

const secretPrefix = 'whsec_';

/** Signing secrets of subscriptions. They are derived from one key, so none is stored and every process has them. */
export class WebhookSigner {
  readonly #key: Uint8Array;

  /** `key`: 32 bytes for this use alone. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** The secret that a receiver verifies signatures with: `whsec_` and the base64 of 32 bytes (Standard Webhooks). */
  secretOf(subscriptionId: string, generation: number): string {
    return secretPrefix + this.#secretBytes(subscriptionId, generation).toString('base64');
  }

  /**
   * The `webhook-signature` of a body: for each secret, the newest first, `v1,` and the base64 of an HMAC-SHA-256 over id, time in
   * seconds, and body, with spaces between. A receiver that knows one of the secrets accepts it.
   */
  sign(
    { subscriptionId, secretGenerations }: { subscriptionId: string; secretGenerations: readonly number[] },
    { id, timestampSeconds, body }: { id: string; timestampSeconds: number; body: string },
  ): string {
    const signed = `${id}.${timestampSeconds}.${body}`;
    return secretGenerations
      .map((generation) => createHmac('sha256', this.#secretBytes(subscriptionId, generation)))
      .map((mac) => `v1,${mac.update(signed).digest('base64')}`)
      .join(' ');
  }

  #secretBytes(subscriptionId: string, generation: number): Buffer {
    const name = generation === 0 ? subscriptionId : `${subscriptionId} ${generation}`;
    return createHmac('sha256', this.#key).update(`webhook ${name}`).digest();
  }
}
