import type { JsonValue } from '@colloquy/protocol';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Confirmation, ProvenIdentity } from '../access/index.ts';
import { externalPrincipalId, mappedScopes, objectOf, subjectOf } from './claim-mapping.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';
import type { ExternalTokens } from './external-tokens.ts';

export interface ExternalTokenJudgePorts {
  readonly issuers: Pick<ExternalIssuerStore, 'find'>;
  readonly externalTokens: ExternalTokens;
  readonly clock: Clock;
}

/** A digest of 256 bits in base64url. */
const thumbprint = /^[A-Za-z0-9_-]{43}$/;

/**
 * The identity in a token of an external issuer, in the tenant that registered its issuer and audience. Rejects with
 * `access.unauthenticated` for every text that is no valid token of a registered issuer, and with `platform.unavailable`.
 */
export function judgeExternalToken(ports: ExternalTokenJudgePorts) {
  return async (token: string): Promise<ProvenIdentity> => {
    const address = ports.externalTokens.addressOf(token);
    const record = address === null ? null : await ports.issuers.find(address);
    if (address === null || record === null) throw new PlatformError('access.unauthenticated');
    const { algorithms, tokenType, subjectClaim } = record;
    const claims = await ports.externalTokens.verify(token, {
      ...address,
      tenantId: record.tenant.id,
      algorithms,
      tokenType,
    });
    const subject = claims === null ? null : subjectOf(claims, subjectClaim);
    const confirmation = claims === null ? undefined : confirmationOf(claims['cnf']);
    if (claims === null || subject === null || confirmation === undefined) {
      throw new PlatformError('access.unauthenticated');
    }
    return {
      principal: { kind: 'external', id: externalPrincipalId(record.issuerId, subject) },
      tenant: record.tenant,
      scopes: mappedScopes(claims, record),
      hangsOn: record.issuerId,
      agentNames: null,
      expiresAtMs: Math.min(claims.exp * 1000, ports.clock.nowMs() + limits.accessTokenMs),
      confirmation,
    };
  };
}

/** The key or certificate that the sender must hold; undefined for a `cnf` that cannot be checked, so the token is refused (RFC 7800 section 3.1). */
function confirmationOf(cnf: JsonValue | undefined): Confirmation | null | undefined {
  if (cnf === undefined) return null;
  const members = objectOf(cnf);
  if (members === null) return undefined;
  const { jkt, 'x5t#S256': x5tS256, ...others } = members;
  const isKnown = Object.keys(others).length === 0 && (jkt !== undefined || x5tS256 !== undefined);
  const isFit = [jkt, x5tS256].every((held) => held === undefined || isThumbprint(held));
  if (!isKnown || !isFit) return undefined;
  return { jkt: isThumbprint(jkt) ? jkt : null, x5tS256: isThumbprint(x5tS256) ? x5tS256 : null };
}

function isThumbprint(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && thumbprint.test(value);
}
