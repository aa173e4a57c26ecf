import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { EndpointCertificate } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';

const text = `
  insert into colloquy.endpoint_certificates (tenant_id, agent_id, origin, subject, issuer, not_before, not_after, key_pin, problem)
  select a.tenant_id, a.agent_id, $3, $4, $5, $6, $7, $8, $9
  from colloquy.agents a where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  on conflict (tenant_id, agent_id) do update set
    origin = excluded.origin, subject = excluded.subject, issuer = excluded.issuer, not_before = excluded.not_before,
    not_after = excluded.not_after, key_pin = excluded.key_pin, problem = excluded.problem, checked_at = colloquy.now_utc()`;

/** Keeps what the endpoint of an agent has shown. */
export function recordEndpointCertificate(tenantId: TenantId, agentName: string, seen: EndpointCertificate): Statement {
  const { origin, subject, issuer, notBefore, notAfter, keyPin, problem } = seen;
  return {
    name: 'record-endpoint-certificate',
    text,
    values: [uuidOf(tenantId), agentName, origin, subject, issuer, notBefore, notAfter, keyPin, problem],
  };
}
