import { PlatformError } from '../../kernel/errors.ts';
import type { Identity } from './identity.ts';
import type { OwnIssuers } from './own-issuers.ts';

/** The kinds of credentials: a token of ours, a token of an external issuer, or an API key. */
export type CredentialKind = 'access-token' | 'external-token' | 'api-key';

/** Resolves with the identity of a credential. Rejects with `access.unauthenticated` and `platform.unavailable`. */
export type JudgeCredential = (credential: string) => Promise<Identity>;

/** One judge for each kind of credential. */
export type CredentialJudges = Readonly<Record<CredentialKind, JudgeCredential>>;

/** The prefix of every API key; no token has it. */
export const apiKeyPrefix = 'clq_';

/** Checks a credential only as the kind that it claims to be: after a refusal, no other kind is attempted. */
export function judgeCredential(issuers: OwnIssuers, judges: CredentialJudges): JudgeCredential {
  return async (credential) => {
    const kind = await credentialKindOf(credential, issuers);
    if (kind === null) throw new PlatformError('access.unauthenticated');
    return judges[kind](credential);
  };
}

/** The kind that a credential claims to be; null for an unknown one. Nothing is verified yet. */
async function credentialKindOf(credential: string, issuers: OwnIssuers): Promise<CredentialKind | null> {
  if (credential.startsWith(apiKeyPrefix)) return 'api-key';
  const issuer = issuerIn(credential);
  if (issuer === null) return null;
  return (await issuers.has(issuer)) ? 'access-token' : 'external-token';
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
