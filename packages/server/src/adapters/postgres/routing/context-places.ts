import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { AgentContext, ContextPlaces } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** The instances that hold contexts, from the rows of their tasks. */
export function createContextPlaces(pool: DatabasePool): ContextPlaces {
  return {
    async findPlace(context) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(context.tenantId), findContextPlace(context)));
      return rows[0] === undefined ? null : idOf('ins', rows[0].instance_id);
    },
  };
}

/** The instance of the newest task of a context. The condition on the decision equals that of the partial index, so the index is used. */
export function findContextPlace(context: AgentContext): Statement<{ readonly instance_id: string }> {
  const { tenantId, agentId, ownerId, contextId } = context;
  return {
    name: 'find-context-place',
    text: `
      select t.instance_id from colloquy.tasks t
      where t.tenant_id = $1 and t.owner_id = $2 and t.agent_id = $3 and t.context_id = $4 and t.decision ? 'sticky'
      order by t.task_id desc limit 1`,
    values: [uuidOf(tenantId), ownerId, uuidOf(agentId), contextId],
  };
}
