import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { storedCardColumns } from './card-version-columns.ts';
import type { StoredCardRow } from './card-version-columns.ts';

const text = `
  select ${storedCardColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = $3
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** One version of the card of a tenant's agent. */
export function findCardVersion(tenantId: TenantId, name: string, version: number): Statement<StoredCardRow> {
  return { name: 'find-card-version', text, values: [uuidOf(tenantId), name, version] };
}
