import { uuidOf } from '../../../kernel/ids.ts';
import type { DueCheck } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

/** Deletes the certificates and the scheduled checks of agents that are gone. Rows are locked in key order. */
export function forgetEndpoints(checks: readonly DueCheck[]): Statement {
  return {
    name: 'forget-endpoints',
    text: `
      with gone as (
        select l.tenant_id, l.agent_id from unnest($1::uuid[], $2::uuid[]) as g (tenant_id, agent_id)
        join colloquy.endpoint_looks l on l.tenant_id = g.tenant_id and l.agent_id = g.agent_id
        order by l.tenant_id, l.agent_id for update of l
      ), shown as (
        delete from colloquy.instance_certificates c using gone g, colloquy.agent_instances i
        where i.tenant_id = g.tenant_id and i.agent_id = g.agent_id and c.tenant_id = i.tenant_id and c.instance_id = i.instance_id
      )
      delete from colloquy.endpoint_looks l using gone g where l.tenant_id = g.tenant_id and l.agent_id = g.agent_id`,
    values: [checks.map(({ tenantId }) => uuidOf(tenantId)), checks.map(({ agentId }) => uuidOf(agentId))],
  };
}
