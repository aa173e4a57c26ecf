import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { SecretPlace } from '../../kernel/secret-box.ts';

const version = 1;
const keyIdBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const nonceAt = 1 + keyIdBytes;
const tagAt = nonceAt + nonceBytes;
const textAt = tagAt + tagBytes;

/** The associated data of values in the first form, by table and column. */
const contexts: Readonly<Record<string, (place: SecretPlace) => string>> = {
  'agents.credential_sealed': (place) => `upstream-credential ${ownedBy(place)}`,
  'push_subscriptions.token_sealed': (place) => `push-token ${ownedBy(place)}`,
  'push_subscriptions.credentials_sealed': (place) => `push-credentials ${ownedBy(place)}`,
  'signing_keys.private_jwk_sealed': ({ rowId }) => `signing-key|${rowId}`,
};

const ownedBy = ({ tenantId, rowId, boundTo }: SecretPlace): string => `${tenantId ?? ''} ${rowId} ${boundTo}`;

/** Whether bytes have the form that secrets had before tenants had data keys: sealed with a key derived from the root. */
export function isFirstForm(sealed: Buffer): boolean {
  return sealed.length >= textAt && sealed[0] === version;
}

/** The name that the first form gives to a root. */
export function firstFormKeyId(root: Uint8Array): Buffer {
  return derive(root, 'colloquy key id', keyIdBytes);
}

/** Opens version (1 byte) · id of the key (8) · nonce (12) · tag (16) · ciphertext. Throws when it does not belong here. */
export function openFirstForm(root: Uint8Array, sealed: Buffer, place: SecretPlace): Buffer {
  const contextOf = contexts[`${place.table}.${place.column}`];
  const keyId = firstFormKeyId(root);
  if (contextOf === undefined) throw new Error('No value in the first form is stored there.');
  if (!sealed.subarray(1, nonceAt).equals(keyId)) throw new Error('It was sealed with another secret key.');
  const key = derive(root, 'colloquy sealing', 32);
  const nonce = sealed.subarray(nonceAt, tagAt);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([Buffer.of(version), keyId, Buffer.from(contextOf(place))]));
  decipher.setAuthTag(sealed.subarray(tagAt, textAt));
  return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
}

function derive(root: Uint8Array, use: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', use, bytes));
}
