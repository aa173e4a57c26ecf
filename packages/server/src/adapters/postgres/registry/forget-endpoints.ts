import { uuidOf } from '../../../kernel/ids.ts';
import type { DueLook } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

/** Forgets what the endpoints of agents have shown that are gone, and that they were to be looked at; locked in the order of their keys. */
export function forgetEndpoints(looks: readonly DueLook[]): Statement {
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
    values: [looks.map(({ tenantId }) => uuidOf(tenantId)), looks.map(({ agentId }) => uuidOf(agentId))],
  };
}
