import { uuidOf } from '../../../kernel/ids.ts';
import type { SettledLook } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

/**
 * When endpoints are looked at again, and how often in a row each was not reached; locked in the order of their keys. A look that is due
 * by now was wished for while it ran, because the agent has changed: it stays due.
 */
export function settleEndpointLooks(settled: readonly SettledLook[]): Statement {
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
      settled.map(({ look }) => uuidOf(look.tenantId)),
      settled.map(({ look }) => uuidOf(look.agentId)),
      settled.map(({ nextMs }) => nextMs),
      settled.map(({ failures }) => failures),
    ],
  };
}
