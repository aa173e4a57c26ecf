import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { CardVisibility } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';
import { agentTables } from './agent-columns.ts';

export interface CardRow {
  readonly card: unknown;
  readonly version: number;
  readonly card_visibility: CardVisibility;
  readonly modified_at: Date;
}

const text = `
  select v.card, v.version, a.card_visibility, v.created_at as modified_at from ${agentTables}
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** The current card of a tenant's agent. */
export function findCard(tenantId: TenantId, name: string): Statement<CardRow> {
  return { name: 'find-card', text, values: [uuidOf(tenantId), name] };
}
