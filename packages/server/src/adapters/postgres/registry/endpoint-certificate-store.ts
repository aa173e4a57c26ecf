import { uuidOf } from '../../../kernel/ids.ts';
import type { InstanceId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { EndpointCertificate, EndpointCertificateStore, EndpointPage } from '../../../modules/registry/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf, certificatesOf } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

/** Certificates of endpoints in PostgreSQL, over a pool of the application's role. */
export function createEndpointCertificateStore(pool: DatabasePool): EndpointCertificateStore {
  const only = (tenantId: TenantId) => ({ tenantIds: [uuidOf(tenantId)] });
  return {
    async list(tenantId, page) {
      const statement = listEndpointCertificates(tenantId, page);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(certificateOf);
    },
    async find(tenantId, agentName) {
      const statement = findEndpointCertificates(tenantId, agentName);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(certificateOf);
    },
    async record(tenantId, instanceIds, seen) {
      const statement = recordEndpointCertificate(tenantId, instanceIds, seen);
      await whenAvailable(inTransaction(pool, only(tenantId), [statement]));
    },
    async pin(tenantId, agentName, keys, entry) {
      const statement = pinAgentKeys(tenantId, agentName, keys, entry);
      const [pinned] = await whenAvailable(inTransaction(pool, only(tenantId), [statement]));
      return pinned.rows.length === 1;
    },
  };
}

export const endpointCertificatePorts = (pool: DatabasePool) => ({
  endpointCertificates: createEndpointCertificateStore(pool),
});

/** Each agent has at least one row, so `limit` agents fill a page; one more, because the first may have no row left. */
const agents = `(
    select tenant_id, agent_id, name, pinned_keys from colloquy.agents
    where tenant_id = $1 and deregistered_at is null and ($2::text is null or name >= $2) order by name limit $4::bigint + 1
  )`;
const listEndpointCertificatesText = `${certificatesOf(agents)}
  where $2::text is null or a.name > $2 or e.instance_ids[1] > $3::uuid order by a.name, e.instance_ids[1] limit $4::bigint`;

/** The endpoints of the tenant's agents with their certificates, by the agent's name and the age of the endpoint's oldest instance. */
function listEndpointCertificates(tenantId: TenantId, { after, limit }: EndpointPage): Statement<CertificateRow> {
  const instance = after?.instanceId ?? null;
  return {
    name: 'list-endpoint-certificates',
    text: listEndpointCertificatesText,
    values: [uuidOf(tenantId), after?.agentName ?? null, instance === null ? null : uuidOf(instance), limit],
  };
}

const findEndpointCertificatesText = `${certificatesOf('colloquy.agents')}
  where a.tenant_id = $1 and a.deregistered_at is null and a.name = $2 order by e.instance_ids[1]`;

/** The endpoints of one agent with their certificates, the one of the oldest instance first. */
function findEndpointCertificates(tenantId: TenantId, agentName: string): Statement<CertificateRow> {
  return {
    name: 'find-endpoint-certificates',
    text: findEndpointCertificatesText,
    values: [uuidOf(tenantId), agentName],
  };
}

const recordEndpointCertificateText = `
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
 * Stores the certificate of an endpoint with each of its instances. The instances are locked, as when one leaves, so that no row is
 * written for one that left.
 */
function recordEndpointCertificate(
  tenantId: TenantId,
  instanceIds: readonly InstanceId[],
  seen: EndpointCertificate,
): Statement {
  const { origin, subject, issuer, notBefore, notAfter, keyPin, problem } = seen;
  return {
    name: 'record-endpoint-certificate',
    text: recordEndpointCertificateText,
    values: [uuidOf(tenantId), instanceIds.map(uuidOf), origin, subject, issuer, notBefore, notAfter, keyPin, problem],
  };
}

const pinAgentKeysText = `
  with pinned as (
    update colloquy.agents set pinned_keys = $10
    where tenant_id = $1 and name = $2 and deregistered_at is null
    returning tenant_id, agent_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3, $4, $5, $6, $7, $8, $9 from pinned
  )
  select agent_id from pinned`;

/** Pins the public keys of an agent's endpoints, and writes the audit entry; no row when the tenant has no such agent. */
function pinAgentKeys(tenantId: TenantId, name: string, keys: readonly string[], entry: NewAuditEntry): Statement {
  return {
    name: 'pin-agent-keys',
    text: pinAgentKeysText,
    values: [uuidOf(tenantId), name, ...auditEntryValues(entry), keys],
  };
}
