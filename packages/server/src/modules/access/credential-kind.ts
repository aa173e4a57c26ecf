import { PlatformError } from '../../kernel/errors.ts';
import type { Identity } from './identity.ts';

/** What can be shown to be let in: a token of ours, one of an issuer that a tenant trusts, or a key. */
export type CredentialKind = 'access-token' | 'external-token' | 'api-key';

/** Who shows this credential. Rejects with `access.unauthenticated` and `platform.unavailable`. */
export type JudgeCredential = (credential: string) => Promise<Identity>;

/** One judge for each kind; none is asked about another's. */
export type CredentialJudges = Readonly<Record<CredentialKind, JudgeCredential>>;

/** What every API key begins with, and no token does. */
export const apiKeyPrefix = 'clq_';

/** Judges a credential as what it says it is, and as nothing else: what is refused as one kind is not tried as another. */
export function judgeCredential(ownIssuer: string, judges: CredentialJudges): JudgeCredential {
  return async (credential) => {
    const kind = credentialKindOf(credential, ownIssuer);
    if (kind === null) throw new PlatformError('access.unauthenticated');
    return judges[kind](credential);
  };
}

/** The kind that a credential says it is; null for none that is known. Nothing of it has been verified. */
function credentialKindOf(credential: string, ownIssuer: string): CredentialKind | null {
  if (credential.startsWith(apiKeyPrefix)) return 'api-key';
  const issuer = issuerIn(credential);
  if (issuer === null) return null;
  return issuer === ownIssuer ? 'access-token' : 'external-token';
}

/** The `iss` of a JWT (RFC 7519 section 4.1.1); null when there is none. */
function issuerIn(token: string): string | null {
  const [, payload = '', ...rest] = token.split('.');
  if (rest.length !== 1) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const isNamed = typeof claims === 'object' && claims !== null && 'iss' in claims;
    return isNamed && typeof claims.iss === 'string' ? claims.iss : null;
  } catch {
    return null;
  }
}
