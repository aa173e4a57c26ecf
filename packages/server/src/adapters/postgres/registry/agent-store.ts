import { decodeAgentCard, defaultDecodeLimits } from '@colloquy/protocol/v1';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AgentStore, PublishedCard } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { agentOf } from './agent-columns.ts';
import { keptSignaturesOf } from './card-store.ts';
import { deregisterAgent } from './deregister-agent.ts';
import { findAgent } from './find-agent.ts';
import { findCard } from './find-card.ts';
import type { CardRow } from './find-card.ts';
import { findPublicCard } from './find-public-card.ts';
import { insertAgent } from './insert-agent.ts';
import { listAgents } from './list-agents.ts';
import { listSkills, skillOf } from './list-skills.ts';

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
  const isKept = digest !== null && signatures !== null && signed_at !== null;
  return {
    tenantId: idOf('tnt', row.tenant_id),
    agentId: idOf('agt', row.agent_id),
    card: decodeAgentCard(row.card, defaultDecodeLimits),
    version: row.version,
    cardVisibility: row.card_visibility,
    publishedAt: row.modified_at,
    extendedSkillIds: row.extended_skill_ids,
    signatures: isKept ? keptSignaturesOf({ digest, signatures, signed_at }) : null,
  };
}
