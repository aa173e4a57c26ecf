import { uuidOf } from '../../../kernel/ids.ts';
import type { GrantId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import type { GrantRow } from './grant-columns.ts';

/** A grant in force. */
export function findGrant(tenantId: TenantId, grantId: GrantId): Statement<GrantRow> {
  return {
    name: 'find-role-grant',
    text: `
      select grant_id, principal_id, role, agent_name, skill_id, granted_by, created_at from colloquy.grants
      where tenant_id = $1 and grant_id = $2 and removed_at is null`,
    values: [uuidOf(tenantId), uuidOf(grantId)],
  };
}
