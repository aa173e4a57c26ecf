/** Bytes of a key-encryption key: 256 bits. */
export const secretKeyBytes = 32;

/** The configured keys, or why they cannot be used. The problem contains no key material. */
export type SecretKeyReading =
  | { readonly keys: readonly Uint8Array[]; readonly problem: null }
  | { readonly keys: readonly []; readonly problem: string };

const advice = 'make one with: openssl rand -base64 32';
const keysMax = 8;
const base64Shape = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Reads key-encryption keys: each base64 or base64url of exactly 32 bytes, separated by white space or commas, the newest first. The
 * others still open what they wrapped.
 */
export function readSecretKeys(text: string): SecretKeyReading {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || words.length > keysMax) return refused(`must be 1 to ${keysMax} keys; ${advice}`);
  const keys: Uint8Array[] = [];
  for (const word of words) {
    const key = Buffer.from(word, 'base64');
    if (!base64Shape.test(word) || key.length !== secretKeyBytes)
      return refused(`must be 32 bytes in base64; ${advice}`);
    if (isGuessable(key)) return refused(`is not random, so it can be guessed; ${advice}`);
    keys.push(key);
  }
  if (new Set(words).size !== words.length) return refused('names one key twice');
  return { keys, problem: null };
}

const refused = (problem: string): SecretKeyReading => ({ keys: [], problem });

/** A random key practically never has few different bytes, counts upwards, or is text. */
function isGuessable(key: Uint8Array): boolean {
  const steps = new Set(key.slice(1).map((byte, at) => byte - (key[at] ?? 0)));
  const isCounting = steps.size === 1;
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isCounting || isText || new Set(key).size < secretKeyBytes / 2;
}
