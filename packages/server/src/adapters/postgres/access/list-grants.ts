import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { GrantsWanted } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';
import type { GrantRow } from './grant-columns.ts';

/** A tenant's grants in force, in the order of their ids. */
export function listGrants(tenantId: TenantId, { after, principalId, limit }: GrantsWanted): Statement<GrantRow> {
  return {
    name: 'list-grants',
    text: `
      select grant_id, principal_id, role, agent_name, skill_id, granted_by, created_at from colloquy.grants
      where tenant_id = $1 and removed_at is null and ($2::uuid is null or grant_id > $2)
        and ($3::text is null or principal_id = $3)
      order by grant_id limit $4`,
    values: [uuidOf(tenantId), after === null ? null : uuidOf(after), principalId, limit],
  };
}
