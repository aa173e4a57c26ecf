/** A parameter, or a column of a list of them. */
type Sql = `$${number}` | `p.${string}`;

/**
 * Whether a task `t` is of this owner and was sent to this name of an agent: it stays at the address it was sent to, also when its
 * agent has left the name and another one has it. Neither condition leads a plan into an index or a join: whatever the statistics
 * say, the task is found by its key first.
 */
export function isVisible(ownerId: Sql, agentName: Sql): string {
  return `t.owner_id is not distinct from ${ownerId}
        and (select a.name from colloquy.agents a where a.tenant_id = t.tenant_id and a.agent_id = t.agent_id) = ${agentName}`;
}
