import { createHmac } from 'node:crypto';

const secretPrefix = 'whsec_';

/** Signing secrets of subscriptions, derived from one key, so that none is stored and every process knows them. */
export class WebhookSigner {
  readonly #key: Uint8Array;

  /** `key`: 32 bytes for this use alone. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** What a receiver checks signatures with: `whsec_` and the base64 of 32 bytes (Standard Webhooks). */
  secretOf(subscriptionId: string): string {
    return secretPrefix + this.#secretBytes(subscriptionId).toString('base64');
  }

  /** The `webhook-signature` of a body: `v1,` and the base64 of an HMAC-SHA-256 over id, time in seconds, and body. */
  sign(subscriptionId: string, id: string, timestampSeconds: number, body: string): string {
    const mac = createHmac('sha256', this.#secretBytes(subscriptionId));
    return `v1,${mac.update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
  }

  #secretBytes(subscriptionId: string): Buffer {
    return createHmac('sha256', this.#key).update(`webhook ${subscriptionId}`).digest();
  }
}
