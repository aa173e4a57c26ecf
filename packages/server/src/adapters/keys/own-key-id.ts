import { decodeProtectedHeader } from 'jose';

/** The `kid` in the header of a token with this `typ`; null for a header that we never make. */
export function ownKeyId(token: string, typ: 'at+jwt' | 'JWT'): string | null {
  try {
    const { alg, typ: told, kid, crit, b64 } = decodeProtectedHeader(token);
    const isOurs = alg === 'ES256' && told === typ && crit === undefined && b64 === undefined;
    return isOurs && typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}
