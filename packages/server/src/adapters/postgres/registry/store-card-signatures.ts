import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { StoredSignatures } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

const text = `
  insert into colloquy.served_card_signatures as kept (tenant_id, agent_id, digest, signatures) values ($1, $2, $3, $4)
  on conflict (tenant_id, agent_id) do update
    set digest = excluded.digest, signatures = excluded.signatures, signed_at = colloquy.now_utc()
    where kept.digest <> excluded.digest`;

/** Keeps our signatures over a served card, unless some for the same digest are kept already. */
export function storeCardSignatures(
  { tenantId, agentId }: { readonly tenantId: TenantId; readonly agentId: AgentId },
  { digest, signatures }: Omit<StoredSignatures, 'signedAt'>,
): Statement {
  return {
    name: 'keep-card-signatures',
    text,
    values: [uuidOf(tenantId), uuidOf(agentId), digest, JSON.stringify(signatures)],
  };
}
