import { isOperator } from '../../kernel/caller.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { refuseEscalation } from '../access/index.ts';
import type { OwnIssuers } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ExternalIssuer, IssuerSettings } from './external-issuer.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';
import type { IssuerExaminer } from './external-tokens.ts';
import { audienceViolations, issuerViolations, settingsViolations } from './issuer-rules.ts';

export interface IssuerRegistrationPorts {
  readonly issuers: Pick<ExternalIssuerStore, 'register'>;
  /** Of every process of the platform. */
  readonly ownIssuers: Pick<OwnIssuers, 'has'>;
  readonly issuerExaminer: IssuerExaminer;
  readonly ids: IdSource;
}

export interface RegisterIssuerInput extends IssuerSettings {
  readonly issuer: string;
  /** Null for the tenant's own address. */
  readonly audience: string | null;
  /** The base of the addresses of the platform's tenants. */
  readonly publicUrl: string;
}

/** The message for a scope map that would grant more than the caller holds. */
export const mapEscalation = 'Words can be mapped only to scopes that the access token of the caller carries.';

/**
 * Accepts the access tokens of another authorization server for the caller's tenant, after reading its metadata and keys. The audience
 * decides which tenant a token is for, so a tenant registers its own address. Only an operator may choose another audience, or a tenant
 * could register the audience of another one first. Throws `request.invalid`, `access.scope-missing`, `egress.refused`,
 * `access.issuer-unreachable`, `access.issuer-exists` and `access.issuer-limit`.
 */
export function registerIssuer(ports: IssuerRegistrationPorts) {
  return async (caller: Caller, input: RegisterIssuerInput): Promise<ExternalIssuer> => {
    const { issuer, audience: wanted, publicUrl, ...settings } = input;
    const own = tenantAudience(publicUrl, caller.tenant.slug);
    const audience = wanted ?? own;
    const violations = [
      ...issuerViolations(issuer, await ports.ownIssuers.has(issuer)),
      ...audienceViolations(audience),
      ...settingsViolations(settings),
    ];
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    if (audience !== own && !isOperator(caller)) throw foreignAudience(own);
    refuseEscalation(caller, Object.values(settings.scopeMap).flat(), mapEscalation);
    await ports.issuerExaminer.examine({ tenantId: caller.tenant.id, issuer });
    const issuerId = ports.ids.next('iss');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'issuer.registered',
      outcome: 'succeeded',
      resource: `issuers/${issuerId}`,
      facts: { issuer, audience, ...settingsFacts(settings) },
    });
    const draft = { ...settings, issuerId, issuer, audience, addedBy: caller.principal.id };
    const registered = await ports.issuers.register(caller.tenant.id, draft, entry);
    if (registered === 'exists') throw new PlatformError('access.issuer-exists');
    if (registered === 'full') throw new PlatformError('access.issuer-limit');
    return registered;
  };
}

/** The default audience of tokens for a tenant. */
export function tenantAudience(publicUrl: string, tenantSlug: string): string {
  return `${publicUrl}/t/${tenantSlug}`;
}

/** The facts of an issuer's settings in an audit entry. */
export function settingsFacts(settings: IssuerSettings): Readonly<Record<string, string>> {
  const granted = [...new Set(Object.values(settings.scopeMap).flat())];
  return { name: settings.name, algorithms: settings.algorithms.join(' '), scopes: granted.join(' ') };
}

function foreignAudience(own: string): PlatformError {
  const description = `must be ${own}, unless an operator registers the issuer`;
  return new PlatformError('request.invalid', { violations: [{ field: 'audience', description }] });
}
