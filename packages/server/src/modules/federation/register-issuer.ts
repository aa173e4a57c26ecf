import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { refuseEscalation } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ExternalIssuer, IssuerTerms } from './external-issuer.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';
import type { IssuerExaminer } from './external-tokens.ts';
import { audienceViolations, issuerViolations, termViolations } from './issuer-rules.ts';

export interface IssuerRegistrationPorts {
  readonly issuers: Pick<ExternalIssuerStore, 'register'>;
  readonly issuerExaminer: IssuerExaminer;
  readonly ids: IdSource;
}

export interface RegisterIssuerInput extends IssuerTerms {
  readonly issuer: string;
  /** Null for the tenant's own address. */
  readonly audience: string | null;
  /** The platform's own issuer identifier, and the base of its tenants' addresses. */
  readonly publicUrl: string;
}

/** Why a scope can not be mapped to. */
export const mapEscalation = 'Words can be mapped only to scopes that the access token of whoever maps them carries.';

/**
 * Accepts the access tokens of another authorization server for the caller's tenant, once its metadata and keys were read. Tokens are
 * told apart by their audience, so a tenant has its own address for it; another audience is for an operator to give, or whoever came first could
 * take a neighbour's. Throws `request.invalid`, `access.scope-missing`, `egress.refused`, `access.issuer-unreachable`,
 * `access.issuer-exists` and `access.issuer-limit`.
 */
export function registerIssuer(ports: IssuerRegistrationPorts) {
  return async (caller: Caller, input: RegisterIssuerInput): Promise<ExternalIssuer> => {
    const { issuer, audience: wanted, publicUrl, ...terms } = input;
    const own = tenantAudience(publicUrl, caller.tenant.slug);
    const audience = wanted ?? own;
    const violations = [
      ...issuerViolations(issuer, publicUrl),
      ...audienceViolations(audience),
      ...termViolations(terms),
    ];
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    if (audience !== own && !isOperator(caller)) throw foreignAudience(own);
    refuseEscalation(caller, Object.values(terms.scopeMap).flat(), mapEscalation);
    await ports.issuerExaminer.examine({ tenantId: caller.tenant.id, issuer });
    const issuerId = ports.ids.next('iss');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'issuer.registered',
      outcome: 'succeeded',
      resource: `issuers/${issuerId}`,
      facts: { issuer, audience, ...termFacts(terms) },
    });
    const draft = { ...terms, issuerId, issuer, audience, addedBy: caller.principal.id };
    const registered = await ports.issuers.register(caller.tenant.id, draft, entry);
    if (registered === 'exists') throw new PlatformError('access.issuer-exists');
    if (registered === 'full') throw new PlatformError('access.issuer-limit');
    return registered;
  };
}

/** The audience of tokens that are meant for a tenant, unless an operator chose another. */
export function tenantAudience(publicUrl: string, tenantSlug: string): string {
  return `${publicUrl}/t/${tenantSlug}`;
}

/** What an audit entry tells about terms. */
export function termFacts(terms: IssuerTerms): Readonly<Record<string, string>> {
  const granted = [...new Set(Object.values(terms.scopeMap).flat())];
  return { name: terms.name, algorithms: terms.algorithms.join(' '), scopes: granted.join(' ') };
}

function isOperator({ principal, scopes }: Caller): boolean {
  return principal.kind === 'operator' && scopes.has('platform:operate');
}

function foreignAudience(own: string): PlatformError {
  const description = `must be ${own}, unless an operator registers the issuer`;
  return new PlatformError('request.invalid', { violations: [{ field: 'audience', description }] });
}
