import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { apiKeyColumns } from './api-key-row.ts';
import type { ApiKeyRow } from './api-key-row.ts';

const text = `
  select ${apiKeyColumns} from colloquy.api_keys k
  where k.tenant_id = $1 and k.key_id > $2 order by k.key_id limit $3`;

/** A tenant's keys after a key id, in the order of ids. */
export function listApiKeys(tenantId: TenantId, { after, limit }: PageRequest): Statement<ApiKeyRow> {
  return { name: 'list-api-keys', text, values: [uuidOf(tenantId), after ?? '', limit] };
}
