import type { JsonObject } from '@colloquy/protocol';
import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AgentSkill } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

interface SkillRow {
  readonly skill_id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly idempotent: boolean;
  readonly estimated_ms: bigint | null;
  readonly cache_ttl_ms: bigint | null;
  readonly price_microcredits: bigint;
  readonly input_schema: JsonObject | null;
  readonly output_schema: JsonObject | null;
}

const text = `
  select k.skill_id, k.name, k.description, k.tags, coalesce(k.idempotent, a.idempotent) as idempotent, k.estimated_ms, k.cache_ttl_ms,
    coalesce(k.price_microcredits, a.price_microcredits) as price_microcredits, k.input_schema, k.output_schema
  from colloquy.agents a join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  order by k.position`;

/** The skills of a tenant's agent, in the order of its card. */
export function listSkills(tenantId: TenantId, name: string): Statement<SkillRow> {
  return { name: 'list-skills', text, values: [uuidOf(tenantId), name] };
}

export function skillOf(row: SkillRow): AgentSkill {
  return {
    skillId: row.skill_id,
    name: row.name,
    description: row.description,
    tags: row.tags,
    idempotent: row.idempotent,
    estimatedMs: row.estimated_ms === null ? null : Number(row.estimated_ms),
    cacheTtlMs: row.cache_ttl_ms === null ? null : Number(row.cache_ttl_ms),
    priceMicrocredits: row.price_microcredits,
    inputSchema: row.input_schema,
    outputSchema: row.output_schema,
  };
}
