import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { termsColumns } from './terms-columns.ts';
import type { TermsRow } from './terms-columns.ts';

const text = `
  select ${termsColumns} from colloquy.result_terms
  where tenant_id = $1 and (agent_name, skill_id) > ($2, $3) and shared_by is not null
  order by agent_name, skill_id limit $4`;

/** Terms that were set in a tenant, after a subject, in the order of agent and skill. */
export function listResultTerms(
  tenantId: TenantId,
  after: { readonly agentName: string; readonly skillId: string },
  rows: number,
): Statement<TermsRow> {
  return { name: 'list-result-terms', text, values: [uuidOf(tenantId), after.agentName, after.skillId, rows] };
}
