import type { TenantId } from '../../kernel/ids.ts';
import type { HeldRole } from './grant.ts';

/** The roles of some principals. */
export interface HeldRoles {
  /**
   * One list for each of the principals that was ever granted a role: its present roles, perhaps none. A principal that was never granted
   * one, and an unknown one, has no list.
   */
  readonly lists: readonly (readonly HeldRole[])[];
  /** How often the rights of any of them were narrowed, by a first role or by a removed one: it only grows. */
  readonly narrowings: number;
}

/** Reads the roles of principals. Rejects with `platform.unavailable` when the database is away. */
export interface RoleStore {
  findHeld(tenantId: TenantId, principalIds: readonly string[]): Promise<HeldRoles>;
}
