import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { LimitStore } from './limit-store.ts';
import type { SetLimit } from './rate-limit.ts';

const cursor = /^(tenant |client [A-Za-z0-9._:-]{1,200}|agent [a-z0-9-]{1,63})$/;

export interface LimitListPorts {
  readonly limits: LimitStore;
}

/** The limits that were set in the caller's tenant, with the tenant's own. Throws `request.invalid` for an invalid cursor. */
export function listLimits(ports: LimitListPorts) {
  return async (caller: Caller, page: PageRequest): Promise<Page<SetLimit>> => {
    if (page.after !== null && !cursor.test(page.after)) {
      throw new PlatformError('request.invalid', { violations: [{ field: 'after', description: 'is no cursor' }] });
    }
    return ports.limits.list(caller.tenant.id, page);
  };
}
