import { uuidOf } from '../../../kernel/ids.ts';
import type { SettledCheck } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Writes when each agent is due again, and its consecutive failures. Rows are locked in key order. A row that is due already was made due
 * while the check ran, because the agent has changed: it stays due.
 */
export function settleEndpointChecks(settled: readonly SettledCheck[]): Statement {
  return {
    name: 'settle-endpoint-looks',
    text: `
      with settled as (
        select l.tenant_id, l.agent_id, s.next_ms, s.failures
        from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::int[]) as s (tenant_id, agent_id, next_ms, failures)
        join colloquy.endpoint_looks l on l.tenant_id = s.tenant_id and l.agent_id = s.agent_id
        where l.next_look_at > colloquy.now_utc()
        order by l.tenant_id, l.agent_id for update of l
      )
      update colloquy.endpoint_looks l
      set next_look_at = colloquy.now_utc() + s.next_ms * interval '1 millisecond', failures = s.failures
      from settled s where l.tenant_id = s.tenant_id and l.agent_id = s.agent_id`,
    values: [
      settled.map(({ check }) => uuidOf(check.tenantId)),
      settled.map(({ check }) => uuidOf(check.agentId)),
      settled.map(({ nextMs }) => nextMs),
      settled.map(({ failures }) => failures),
    ],
  };
}
