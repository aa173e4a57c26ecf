import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { ExternalIssuer } from './external-issuer.ts';
import type { ExternalIssuerStore } from './external-issuer-store.ts';

/** The external issuers of the caller's tenant, oldest first, removed ones too. Throws `request.invalid` for an invalid cursor. */
export function listIssuers(ports: { readonly issuers: Pick<ExternalIssuerStore, 'list'> }) {
  return async (caller: Caller, { after, limit }: PageRequest): Promise<Page<ExternalIssuer>> => {
    if (after !== null && !isId('iss', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await ports.issuers.list(caller.tenant.id, { after, limit: limit + 1 });
    return pageOf(rows, limit, (issuer) => issuer.issuerId);
  };
}
