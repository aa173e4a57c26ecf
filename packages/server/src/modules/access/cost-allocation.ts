import type { Caller, CostAllocation } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';

export const noAllocation: CostAllocation = { department: null, costCenter: null };

/** Sets the department and the cost center of a client, instead of what it had. Throws `request.invalid` and `access.client-unknown`. */
export function allocateClient(ports: {
  readonly clients: Pick<OAuthClientStore, 'allocate'>;
  readonly ids: IdSource;
}) {
  return async (caller: Caller, clientId: string, allocation: CostAllocation): Promise<CostAllocation> => {
    const violations = allocationViolations(allocation);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    if (!isId('cli', clientId)) throw new PlatformError('access.client-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'client.allocated',
      outcome: 'succeeded',
      resource: `clients/${clientId}`,
      facts: allocationFacts(allocation),
    });
    if (!(await ports.clients.allocate(caller.tenant.id, clientId, allocation, entry)))
      throw new PlatformError('access.client-unknown');
    return allocation;
  };
}

/** What is set of an allocation, for an audit entry. */
export function allocationFacts({ department, costCenter }: CostAllocation): Readonly<Record<string, string>> {
  return { ...(department === null ? {} : { department }), ...(costCenter === null ? {} : { costCenter }) };
}

/** Everything wrong with an allocation, field by field. */
export function allocationViolations(allocation: CostAllocation): { field: string; description: string }[] {
  const description = `must have 1 to ${limits.allocationCharsMax} characters`;
  return (['department', 'costCenter'] as const)
    .filter((field) => !fits(allocation[field]))
    .map((field) => ({ field, description }));
}

function fits(text: string | null): boolean {
  if (text === null) return true;
  return text.length <= limits.allocationCharsMax && text.trim() !== '' && text.isWellFormed() && !text.includes('\0');
}
