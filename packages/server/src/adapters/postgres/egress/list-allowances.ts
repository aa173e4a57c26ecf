import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';
import { allowanceColumns } from './egress-allowance-row.ts';
import type { AllowanceRow } from './egress-allowance-row.ts';

/** What is open to a tenant, in the order of the targets. */
export function listAllowances(tenantId: TenantId): Statement<AllowanceRow> {
  return {
    name: 'list-egress-allowances',
    text: `select ${allowanceColumns} from colloquy.egress_allowances a where a.tenant_id = $1 order by a.target limit $2`,
    values: [uuidOf(tenantId), limits.egressAllowancesMax],
  };
}
