import type { TenantId } from '../../kernel/ids.ts';
import type { PersonRights } from './person.ts';

/**
 * Durable people. Every method rejects with `platform.unavailable` when the database is away, and none shows another tenant's people.
 */
export interface PersonStore {
  /** The rights of a person of this tenant; null when the tenant has no such person. */
  findRights(tenantId: TenantId, personId: string): Promise<PersonRights | null>;
}
