import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretPlace } from '../../kernel/secret-box.ts';

/** A key that seals, unwrapped. */
export interface DataKey {
  /** 32 hex digits. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

const version = 2;
const keyIdBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const nonceAt = 1 + keyIdBytes;
const tagAt = nonceAt + nonceBytes;
const textAt = tagAt + tagBytes;

/**
 * Seals with AES-256-GCM (NIST SP 800-38D): version (1 byte) · id of the data key (16) · nonce (12) · tag (16) · ciphertext. The head and
 * the place are authenticated with it.
 */
export function sealWith({ keyId, secret: key }: DataKey, secret: Uint8Array, place: SecretPlace): Buffer {
  const head = Buffer.concat([Buffer.of(version), Buffer.from(keyId, 'hex')]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.concat([head, associatedOf(place)]));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), ciphertext]);
}

/** The id of the data key that sealed these bytes; null when they do not have this form. */
export function sealedKeyId(sealed: Buffer): string | null {
  if (sealed.length < textAt || sealed[0] !== version) return null;
  return sealed.toString('hex', 1, nonceAt);
}

/** The secret again. Throws when the key or the place is another, or when the bytes were changed. */
export function openWith({ secret: key }: DataKey, sealed: Buffer, place: SecretPlace): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(nonceAt, tagAt), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, nonceAt), associatedOf(place)]));
  decipher.setAuthTag(sealed.subarray(tagAt, textAt));
  return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
}

/** As JSON, so that no two places have the same bytes whatever their parts contain. */
function associatedOf({ tenantId, table, column, rowId, boundTo }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([tenantId, table, column, rowId, boundTo]));
}
