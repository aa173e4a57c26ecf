import { uuidOf } from '../../../kernel/ids.ts';
import type { AgentContext } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';

/** The instance of the newest task of a context. The condition on the decision is that of the index, which has no other tasks. */
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
