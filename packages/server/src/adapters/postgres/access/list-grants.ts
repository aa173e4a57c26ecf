import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { GrantsWanted } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';
import type { GrantRow } from './grant-columns.ts';

/** A tenant's grants in force, in the order of their ids. */
export function listGrants(tenantId: TenantId, wanted: GrantsWanted): Statement<GrantRow> {
  const { after, principalId, agentNames, limit } = wanted;
  return {
    name: 'list-grants',
    text: `
      select grant_id, principal_id, role, agent_name, skill_id, granted_by, created_at from colloquy.grants
      where tenant_id = $1 and removed_at is null and ($2::uuid is null or grant_id > $2)
        and ($3::text is null or principal_id = $3) and ($4::text[] is null or agent_name = any ($4))
      order by grant_id limit $5`,
    values: [uuidOf(tenantId), after === null ? null : uuidOf(after), principalId, agentNames, limit],
  };
}
