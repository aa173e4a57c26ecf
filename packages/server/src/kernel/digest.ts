import { hash } from 'node:crypto';

/** First 128 bits of SHA-256 over `text` (FIPS 180-4), as 32 hex digits: fits a `uuid` column. */
export function digest128(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
