import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';

/** Accepts no more tokens of an issuer; every process knows within `limits.tokenCacheMs`. Throws `access.issuer-unknown`. */
export function removeIssuer(ports: { readonly issuers: Pick<ExternalIssuerStore, 'remove'>; readonly ids: IdSource }) {
  return async (caller: Caller, issuerId: string): Promise<void> => {
    if (!isId('iss', issuerId)) throw new PlatformError('access.issuer-unknown');
    const act = { action: 'issuer.removed', outcome: 'succeeded', resource: `issuers/${issuerId}`, facts: {} } as const;
    const entry = auditEntryBy(caller, ports.ids, act);
    if (!(await ports.issuers.remove(caller.tenant.id, issuerId, entry)))
      throw new PlatformError('access.issuer-unknown');
  };
}
