import { hash } from 'node:crypto';
import { isId, uuidOf } from '../../kernel/ids.ts';
import type { ApiKeyId } from '../../kernel/ids.ts';
import { apiKeyPrefix } from '../access/index.ts';

/**
 * The text of a key: `clq_`, the 32 hex digits of its id, `_`, 43 digits of its secret and 6 of its checksum, both in base 62.
 * It is one word, so that a double click selects all of it, and a secret scanner that finds a leaked key can tell it from a
 * sample by the checksum alone: the first 32 bits of SHA-256 over everything before it.
 */
const shape = /^clq_([0-9a-f]{32})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretDigits = 43;
const checksumDigits = 6;
const checksumHexDigits = 8;

/** Bytes of a key's secret. */
export const apiKeySecretBytes = 32;

/** The text of a key with this secret, of {@link apiKeySecretBytes} bytes. */
export function apiKeyText(keyId: ApiKeyId, secret: Uint8Array): string {
  const body = `${apiKeyPrefix}${uuidOf(keyId)}_${base62(Buffer.from(secret).toString('hex'), secretDigits)}`;
  return body + checksumOf(body);
}

/** The id in a key's text; null when its shape or its checksum is wrong, so that no lookup can find it. */
export function apiKeyIdIn(text: string): ApiKeyId | null {
  const parts = shape.exec(text);
  if (parts === null || checksumOf(text.slice(0, -checksumDigits)) !== parts[2]) return null;
  const keyId = `apk_${parts[1] ?? ''}`;
  return isId('apk', keyId) ? keyId : null;
}

function checksumOf(body: string): string {
  return base62(hash('sha256', body, 'hex').slice(0, checksumHexDigits), checksumDigits);
}

function base62(hex: string, length: number): string {
  let rest = BigInt(`0x${hex}`);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = (digits[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text;
}
