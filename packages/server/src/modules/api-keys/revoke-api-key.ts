import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { ApiKeyStore } from './api-key-store.ts';

/** Revokes a key of the caller's tenant for ever; every process refuses it within `limits.tokenCacheMs`. Throws `access.api-key-unknown`. */
export function revokeApiKey(ports: { readonly apiKeys: Pick<ApiKeyStore, 'revoke'>; readonly ids: IdSource }) {
  return async (caller: Caller, keyId: string): Promise<void> => {
    if (!isId('apk', keyId)) throw new PlatformError('access.api-key-unknown');
    const act = { action: 'api-key.revoked', outcome: 'succeeded', resource: `api-keys/${keyId}`, facts: {} } as const;
    const entry = auditEntryBy(caller, ports.ids, act);
    if (!(await ports.apiKeys.revoke(caller.tenant.id, keyId, entry)))
      throw new PlatformError('access.api-key-unknown');
  };
}
