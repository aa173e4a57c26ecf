import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { issuerColumns } from './issuer-row.ts';
import type { IssuerRow } from './issuer-row.ts';

const text = `
  select ${issuerColumns} from colloquy.external_issuers i
  where i.tenant_id = $1 and i.issuer_id > $2 order by i.issuer_id limit $3`;

/** A tenant's issuers after an id, in the order of ids, removed ones too. */
export function listIssuers(tenantId: TenantId, { after, limit }: PageRequest): Statement<IssuerRow> {
  return { name: 'list-external-issuers', text, values: [uuidOf(tenantId), after ?? '', limit] };
}
