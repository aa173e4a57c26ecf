import { decodeProtectedHeader } from 'jose';

/** The id of the key that a token of ours says it is signed with; null for one that no platform of ours makes as a `typ`. */
export function ownKeyId(token: string, typ: 'at+jwt' | 'JWT'): string | null {
  try {
    const { alg, typ: told, kid, crit, b64 } = decodeProtectedHeader(token);
    const isOurs = alg === 'ES256' && told === typ && crit === undefined && b64 === undefined;
    return isOurs && typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}
