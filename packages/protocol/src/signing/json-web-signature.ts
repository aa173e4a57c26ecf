/** What this folder uses of `jose` (RFC 7515, over Web Crypto): the one file that knows the package. */
export { base64url, FlattenedSign, flattenedVerify } from 'jose';
export type { CryptoKey, JWK, KeyObject } from 'jose';
