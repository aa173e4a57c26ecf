import type { AgentCardSignature } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface CardSignaturesRow {
  readonly digest: string;
  readonly signatures: readonly AgentCardSignature[];
  readonly signed_at: Date;
}

const text = `
  select digest, signatures, signed_at from colloquy.served_card_signatures where tenant_id = $1 and agent_id = $2`;

/** Our signatures that are kept for an agent. */
export function findCardSignatures(tenantId: TenantId, agentId: AgentId): Statement<CardSignaturesRow> {
  return { name: 'find-card-signatures', text, values: [uuidOf(tenantId), uuidOf(agentId)] };
}
