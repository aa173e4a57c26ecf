import type { TenantId } from './ids.ts';
import { limits } from './limits.ts';

export interface DueTenants {
  /** Tenants that are due, those that have waited longest first. One that fails stays due. */
  readonly findDue: (tenantsMax: number) => Promise<readonly TenantId[]>;
  /** How many of them one round works on. */
  readonly tenantsMax: number;
  readonly work: (tenantId: TenantId) => Promise<unknown>;
}

/**
 * Returns a function that works on some of the tenants that are due, one after the other; true when there may be more. A tenant that fails does not
 * keep the others waiting: its failure is thrown after them, and it is tried again when no others are left.
 */
export function workOnDueTenants({ findDue, tenantsMax, work }: DueTenants): () => Promise<boolean> {
  const failed = new Set<TenantId>();
  return async () => {
    const found = await findDue(tenantsMax + failed.size);
    const due = found.filter((tenantId) => !failed.has(tenantId)).slice(0, tenantsMax);
    if (due.length === 0) failed.clear();
    const failures: unknown[] = [];
    for (const tenantId of due)
      await work(tenantId).catch((failure: unknown) => {
        failures.push(failure);
        if (failed.size < limits.failedTenantsMax) failed.add(tenantId);
      });
    if (failures.length > 0) throw failures[0];
    return due.length === tenantsMax;
  };
}
