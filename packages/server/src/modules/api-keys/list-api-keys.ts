import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { ApiKey } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';

/** The keys of the caller's tenant, oldest first, expired and revoked ones too. Throws `request.invalid` for an invalid cursor. */
export function listApiKeys(ports: { readonly apiKeys: Pick<ApiKeyStore, 'list'> }) {
  return async (caller: Caller, { after, limit }: PageRequest): Promise<Page<ApiKey>> => {
    if (after !== null && !isId('apk', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await ports.apiKeys.list(caller.tenant.id, { after, limit: limit + 1 });
    return pageOf(rows, limit, (key) => key.keyId);
  };
}
