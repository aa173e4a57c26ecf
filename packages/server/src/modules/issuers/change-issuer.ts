import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { refuseEscalation } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ExternalIssuer, IssuerSettings } from './external-issuer.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';
import { settingsViolations } from './issuer-rules.ts';
import { mapEscalation, settingsFacts } from './register-issuer.ts';

export interface ChangeIssuerInput extends IssuerSettings {
  readonly issuerId: string;
}

/**
 * Changes the settings of an issuer. Its principals keep their ids, and every process applies the change within `limits.tokenCacheMs`.
 * Throws `request.invalid`, `access.scope-missing` and `access.issuer-unknown`.
 */
export function changeIssuer(ports: { readonly issuers: Pick<ExternalIssuerStore, 'change'>; readonly ids: IdSource }) {
  return async (caller: Caller, { issuerId, ...settings }: ChangeIssuerInput): Promise<ExternalIssuer> => {
    const violations = settingsViolations(settings);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    refuseEscalation(caller, Object.values(settings.scopeMap).flat(), mapEscalation);
    if (!isId('iss', issuerId)) throw new PlatformError('access.issuer-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'issuer.changed',
      outcome: 'succeeded',
      resource: `issuers/${issuerId}`,
      facts: settingsFacts(settings),
    });
    const changed = await ports.issuers.change(caller.tenant.id, issuerId, settings, entry);
    if (changed === null) throw new PlatformError('access.issuer-unknown');
    return changed;
  };
}
