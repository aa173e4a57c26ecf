import { uuidOf } from '../../../kernel/ids.ts';
import type { InstanceId, TenantId } from '../../../kernel/ids.ts';
import type { EndpointCertificate } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

const text = `
  with there as (
    select i.tenant_id, i.instance_id from colloquy.agent_instances i
    join colloquy.agents a on a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null
    where i.tenant_id = $1 and i.instance_id = any ($2::uuid[]) and i.left_at is null and (
      select l.is_lapsed from colloquy.instance_leases l where l.tenant_id = i.tenant_id and l.instance_id = i.instance_id
    ) is not true
    order by i.instance_id for share of i
  )
  insert into colloquy.instance_certificates
    (tenant_id, instance_id, is_first, origin, subject, issuer, not_before, not_after, key_pin, problem)
  select tenant_id, instance_id, row_number() over (order by instance_id) = 1, $3, $4, $5, $6, $7, $8, $9 from there order by instance_id
  on conflict (tenant_id, instance_id) do update set
    is_first = excluded.is_first, origin = excluded.origin, subject = excluded.subject, issuer = excluded.issuer,
    not_before = excluded.not_before, not_after = excluded.not_after, key_pin = excluded.key_pin, problem = excluded.problem,
    checked_at = colloquy.now_utc()`;

/**
 * Keeps what the endpoint of instances of one agent has shown, with each that is there. They are locked as one that leaves is, so that
 * nothing is kept of it.
 */
export function recordEndpointCertificate(
  tenantId: TenantId,
  instanceIds: readonly InstanceId[],
  seen: EndpointCertificate,
): Statement {
  const { origin, subject, issuer, notBefore, notAfter, keyPin, problem } = seen;
  return {
    name: 'record-endpoint-certificate',
    text,
    values: [uuidOf(tenantId), instanceIds.map(uuidOf), origin, subject, issuer, notBefore, notAfter, keyPin, problem],
  };
}
