import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { cardVersionColumns } from './card-version-columns.ts';
import type { CardVersionRow } from './card-version-columns.ts';

const text = `
  select ${cardVersionColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and v.version < $3
  order by v.version desc
  limit $4`;

const versionMax = 2_147_483_647;

/** The versions of the card of a tenant's agent, newest first. */
export function listCardVersions(
  tenantId: TenantId,
  name: string,
  { after, limit }: PageRequest,
): Statement<CardVersionRow> {
  const before = after === null ? versionMax : Number(after);
  return { name: 'list-card-versions', text, values: [uuidOf(tenantId), name, before, limit] };
}
