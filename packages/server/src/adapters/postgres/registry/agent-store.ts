import type { AgentCardSignature, JsonObject } from '@colloquy/protocol';
import { decodeAgentCard, defaultDecodeLimits } from '@colloquy/protocol/v1';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  AgentPage,
  AgentSkill,
  AgentStore,
  CardVisibility,
  PublishedCard,
} from '../../../modules/registry/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { agentColumns, agentOf, findAgent } from './agent-columns.ts';
import type { AgentRow } from './agent-columns.ts';
import { storedSignaturesOf } from './card-store.ts';
import { insertAgent } from './insert-agent.ts';

/** Registrations in PostgreSQL, over a pool of the application's role. */
export function createAgentStore(pool: DatabasePool): AgentStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async register(agent, entry) {
      const { tenantId, name } = agent;
      const statements = [insertAgent(agent, entry), findAgent(tenantId, name)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [inserted, found] = await whenAvailable(inTransaction(pool, options, statements));
      const [row] = found.rows;
      return inserted.rows.length === 0 || row === undefined ? null : agentOf(tenantId, row);
    },
    async list(tenantId, page) {
      return (await read(tenantId, listAgents(tenantId, page))).map((row) => agentOf(tenantId, row));
    },
    async find(tenantId, name) {
      const [row] = await read(tenantId, findAgent(tenantId, name));
      return row === undefined ? null : agentOf(tenantId, row);
    },
    async listSkills(tenantId, name) {
      return (await read(tenantId, listSkills(tenantId, name))).map(skillOf);
    },
    async deregister(tenantId, name, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [gone] = await whenAvailable(inTransaction(pool, options, [deregisterAgent(tenantId, name, entry)]));
      return gone.rows.length === 1;
    },
    async findCard(tenantId, name) {
      const [row] = await read(tenantId, findCard(tenantId, name));
      return row === undefined ? null : publishedCardOf(row);
    },
    async findPublicCard(tenantSlug, name) {
      const statement = findPublicCard(tenantSlug, name);
      const [found] = await whenAvailable(inTransaction(pool, { tenantIds: [] }, [statement]));
      const [row] = found.rows;
      return row === undefined ? null : publishedCardOf(row);
    },
  };
}

function publishedCardOf(row: CardRow): PublishedCard {
  const { digest, signatures, signed_at } = row;
  const isSigned = digest !== null && signatures !== null && signed_at !== null;
  return {
    tenantId: idOf('tnt', row.tenant_id),
    agentId: idOf('agt', row.agent_id),
    card: decodeAgentCard(row.card, defaultDecodeLimits),
    version: row.version,
    cardVisibility: row.card_visibility,
    publishedAt: row.modified_at,
    extendedSkillIds: row.extended_skill_ids,
    signatures: isSigned ? storedSignaturesOf({ digest, signatures, signed_at }) : null,
  };
}

const listAgentsText = (condition: string): string => `
  select ${agentColumns} from colloquy.agents a
  where a.tenant_id = $1 and a.deregistered_at is null and a.name > $2 ${condition}
  order by a.name
  limit $3`;
const allAgentsText = listAgentsText('');
const namedAgentsText = listAgentsText('and a.name = any($4::text[])');

/** A tenant's agents, or those with these names, in the order of their names. Every name sorts after the empty text. */
function listAgents(tenantId: TenantId, { after, limit, names }: AgentPage): Statement<AgentRow> {
  const values = [uuidOf(tenantId), after ?? '', limit];
  if (names === null) return { name: 'list-agents', text: allAgentsText, values };
  return { name: 'list-named-agents', text: namedAgentsText, values: [...values, names] };
}

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

const listSkillsText = `
  select k.skill_id, k.name, k.description, k.tags, coalesce(k.idempotent, a.idempotent) as idempotent, k.estimated_ms, k.cache_ttl_ms,
    coalesce(k.price_microcredits, a.price_microcredits) as price_microcredits, k.input_schema, k.output_schema
  from colloquy.agents a join colloquy.skills k on k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  order by k.position`;

/** The skills of a tenant's agent, in the order of its card. */
function listSkills(tenantId: TenantId, name: string): Statement<SkillRow> {
  return { name: 'list-skills', text: listSkillsText, values: [uuidOf(tenantId), name] };
}

function skillOf(row: SkillRow): AgentSkill {
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

interface CardRow {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly card: unknown;
  readonly version: number;
  readonly card_visibility: CardVisibility;
  readonly modified_at: Date;
  readonly extended_skill_ids: readonly string[];
  readonly digest: string | null;
  readonly signatures: readonly AgentCardSignature[] | null;
  readonly signed_at: Date | null;
}

const findCardText = `
  select a.tenant_id, a.agent_id, v.card, v.version, a.card_visibility, v.created_at as modified_at, a.extended_skill_ids,
    s.digest, s.signatures, s.signed_at
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
  left join colloquy.served_card_signatures s on s.tenant_id = a.tenant_id and s.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** The card in use of a tenant's agent, with its stored signatures. */
function findCard(tenantId: TenantId, name: string): Statement<CardRow> {
  return { name: 'find-card', text: findCardText, values: [uuidOf(tenantId), name] };
}

const findPublicCardText = `
  select tenant_id, agent_id, card, version, 'public' as card_visibility, modified_at, extended_skill_ids, digest, signatures, signed_at
  from colloquy.find_public_served_card($1, $2)`;

/** The card in use of an agent with a public card, with its stored signatures. */
function findPublicCard(tenantSlug: string, name: string): Statement<CardRow> {
  return { name: 'find-public-card', text: findPublicCardText, values: [tenantSlug, name] };
}

// Card and instances stay, because open tasks still need them.
const deregisterAgentText = `
  with gone as (
    update colloquy.agents set deregistered_at = colloquy.now_utc()
    where tenant_id = $1 and name = $2 and deregistered_at is null
    returning tenant_id, agent_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3, $4, $5, $6, $7, $8, $9 from gone
  )
  select agent_id from gone`;

/** Deregisters an agent, which frees its name, and writes the audit entry; no row when the tenant has no such agent. */
function deregisterAgent(tenantId: TenantId, name: string, entry: NewAuditEntry): Statement {
  return {
    name: 'deregister-agent',
    text: deregisterAgentText,
    values: [uuidOf(tenantId), name, ...auditEntryValues(entry)],
  };
}
