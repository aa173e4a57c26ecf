import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { refuseEscalation } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ExternalIssuer, IssuerTerms } from './external-issuer.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';
import { termViolations } from './issuer-rules.ts';
import { mapEscalation, termFacts } from './register-issuer.ts';

export interface ChangeIssuerInput extends IssuerTerms {
  readonly issuerId: string;
}

/**
 * Changes what the tokens of an issuer mean; its principals stay who they are, and every process knows within `limits.tokenCacheMs`. Throws
 * `request.invalid`, `access.scope-missing` and `access.issuer-unknown`.
 */
export function changeIssuer(ports: { readonly issuers: Pick<ExternalIssuerStore, 'change'>; readonly ids: IdSource }) {
  return async (caller: Caller, { issuerId, ...terms }: ChangeIssuerInput): Promise<ExternalIssuer> => {
    const violations = termViolations(terms);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    refuseEscalation(caller, Object.values(terms.scopeMap).flat(), mapEscalation);
    if (!isId('iss', issuerId)) throw new PlatformError('access.issuer-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'issuer.changed',
      outcome: 'succeeded',
      resource: `issuers/${issuerId}`,
      facts: termFacts(terms),
    });
    const changed = await ports.issuers.change(caller.tenant.id, issuerId, terms, entry);
    if (changed === null) throw new PlatformError('access.issuer-unknown');
    return changed;
  };
}
