import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { DueCheck, EndpointCheckStore, SettledCheck } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenants } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { certificateOf, certificatesOf } from './certificate-columns.ts';
import type { CertificateRow } from './certificate-columns.ts';

/** `workers` sees the due checks of every tenant; outcomes are written as the agent's tenant, by `tenants`. */
export function createEndpointCheckStore(workers: DatabasePool, tenants: DatabasePool): EndpointCheckStore {
  return {
    async claim(checksMax) {
      const statement = claimEndpointChecks(checksMax, limits.endpointCheckClaimMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows.map(({ tenant_id, agent_id, failures }) => ({
        tenantId: idOf('tnt', tenant_id),
        agentId: idOf('agt', agent_id),
        failures,
      }));
    },
    async find(checks) {
      const reads = checks.map(({ tenantId, agentId }) => ({
        tenantId: uuidOf(tenantId),
        statement: findEndpointsByAgent(tenantId, agentId),
      }));
      const results = await whenAvailable(readInTenants(tenants, reads));
      return results.map(({ rows }) => rows.map(certificateOf));
    },
    async settle(settled) {
      const tenantIds = tenantsOf(settled.map(({ check }) => check));
      await whenAvailable(inTransaction(tenants, { tenantIds }, [settleEndpointChecks(settled)]));
    },
    async forget(checks) {
      await whenAvailable(inTransaction(tenants, { tenantIds: tenantsOf(checks) }, [forgetEndpoints(checks)]));
    },
    async count() {
      const statement = countEndpointCertificates(limits.certificateWarningMs);
      const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
      return rows[0] ?? { refused: 0, ended: 0, ending: 0, fine: 0 };
    },
  };
}

function tenantsOf(checks: readonly DueCheck[]): readonly string[] {
  return [...new Set(checks.map(({ tenantId }) => uuidOf(tenantId)))];
}

interface EndpointCheckRow {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly failures: number;
}

/** Claims due checks, at most `checksMax`, for `claimMs`. Rows that another worker is claiming now are skipped. */
function claimEndpointChecks(checksMax: number, claimMs: number): Statement<EndpointCheckRow> {
  return {
    name: 'claim-endpoint-looks',
    text: `
      with due as (
        select tenant_id, agent_id from colloquy.endpoint_looks where next_look_at <= colloquy.now_utc()
        order by next_look_at limit $1 for update skip locked
      )
      update colloquy.endpoint_looks l set next_look_at = colloquy.now_utc() + $2::float8 * interval '1 millisecond'
      from due where l.tenant_id = due.tenant_id and l.agent_id = due.agent_id
      returning l.tenant_id, l.agent_id, l.failures`,
    values: [checksMax, claimMs],
  };
}

const findEndpointsByAgentText = `${certificatesOf('colloquy.agents')}
  where a.tenant_id = $1 and a.deregistered_at is null and a.agent_id = $2 order by e.instance_ids[1]`;

/** The endpoints of an agent by its id, with their certificates; no row once it is deregistered. */
function findEndpointsByAgent(tenantId: TenantId, agentId: AgentId): Statement<CertificateRow> {
  const values = [uuidOf(tenantId), uuidOf(agentId)];
  return { name: 'find-endpoints-by-agent', text: findEndpointsByAgentText, values, isPlannedOnce: true };
}

/**
 * Writes when each agent is due again, and its consecutive failures. Rows are locked in key order. A row that is due already was made due
 * while the check ran, because the agent has changed: it stays due.
 */
function settleEndpointChecks(settled: readonly SettledCheck[]): Statement {
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

/** Deletes the certificates and the scheduled checks of agents that are gone. Rows are locked in key order. */
function forgetEndpoints(checks: readonly DueCheck[]): Statement {
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

interface CertificateCountsRow {
  readonly refused: number;
  readonly ended: number;
  readonly ending: number;
  readonly fine: number;
}

/** Certificates of all tenants' endpoints by state, each endpoint counted once. */
function countEndpointCertificates(warningMs: number): Statement<CertificateCountsRow> {
  return {
    name: 'count-endpoint-certificates',
    text: `
      with judged as (
        select case
          when not_after <= colloquy.now_utc() then 'ended'
          when problem is not null then 'refused'
          when not_after <= colloquy.now_utc() + $1::float8 * interval '1 millisecond' then 'ending'
          else 'fine' end as state
        from colloquy.instance_certificates where is_first
      )
      select count(*) filter (where state = 'refused')::int as refused, count(*) filter (where state = 'ended')::int as ended,
        count(*) filter (where state = 'ending')::int as ending, count(*) filter (where state = 'fine')::int as fine
      from judged`,
    values: [warningMs],
  };
}
