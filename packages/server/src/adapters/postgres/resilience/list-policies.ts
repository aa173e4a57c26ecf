import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { policyColumns } from './policy-columns.ts';
import type { PolicyRow } from './policy-columns.ts';

const text = `
select ${policyColumns} from colloquy.resilience_policies p
where p.tenant_id = $1 and (p.agent_name, p.skill_id) > ($2, $3)
order by p.agent_name, p.skill_id limit $4`;

/** Policies of a tenant after one, in the order of agent and skill. */
export function listPolicies(
  tenantId: TenantId,
  after: { readonly agentName: string; readonly skillId: string },
  rows: number,
): Statement<PolicyRow> {
  return { name: 'list-policies', text, values: [uuidOf(tenantId), after.agentName, after.skillId, rows] };
}
