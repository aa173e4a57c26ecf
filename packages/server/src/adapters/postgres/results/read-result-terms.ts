import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';
import { termsColumns } from './terms-columns.ts';
import type { TermsRow } from './terms-columns.ts';

const text = `select ${termsColumns} from colloquy.result_terms where tenant_id = $1 limit $2`;

/** All that is kept of results of a tenant. */
export function readResultTerms(tenantId: TenantId): Statement<TermsRow> {
  return { name: 'read-result-terms', text, values: [uuidOf(tenantId), limits.resultTermsPerTenantMax] };
}
