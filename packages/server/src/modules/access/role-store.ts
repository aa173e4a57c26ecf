import type { TenantId } from '../../kernel/ids.ts';
import type { HeldRole } from './grant.ts';

/** Reads the roles of principals. Rejects with `platform.unavailable` when the database is away. */
export interface RoleStore {
  /**
   * One list for each of these principals of the tenant that was ever granted a role: the roles that it has now, perhaps none. Those that
   * were never granted one, and those that nobody knows, have no list.
   */
  findHeld(tenantId: TenantId, principalIds: readonly string[]): Promise<readonly (readonly HeldRole[])[]>;
}
