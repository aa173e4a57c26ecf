import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { EndpointPage } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';
import { certificatesOf } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

/** No more agents than endpoints are wanted; of the agent that the page before ended in, none may be left. */
const agents = `(
    select tenant_id, agent_id, name, pinned_keys from colloquy.agents
    where tenant_id = $1 and deregistered_at is null and ($2::text is null or name >= $2) order by name limit $4::bigint + 1
  )`;
const text = `${certificatesOf(agents)}
  where $2::text is null or a.name > $2 or e.instance_ids[1] > $3::uuid order by a.name, e.instance_ids[1] limit $4::bigint`;

/** The endpoints of the tenant's agents, by the agents' names and the age of the oldest instance there, with what each has shown. */
export function listEndpointCertificates(
  tenantId: TenantId,
  { after, limit }: EndpointPage,
): Statement<CertificateRow> {
  const instance = after?.instanceId ?? null;
  return {
    name: 'list-endpoint-certificates',
    text,
    values: [uuidOf(tenantId), after?.agentName ?? null, instance === null ? null : uuidOf(instance), limit],
  };
}
