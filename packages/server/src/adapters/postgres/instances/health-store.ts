import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { HealthStore, InstancePlace, ProbePolicy, ProbeTarget } from '../../../modules/instances/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { factColumns, factsOf, factTables } from './fact-columns.ts';
import type { FactRow } from './fact-columns.ts';
import { loadProbeTarget } from './load-probe-target.ts';
import type { ProbeTargetRow } from './load-probe-target.ts';
import { renewLease } from './renew-lease.ts';
import { writeHealth } from './write-health.ts';

/** `workers` claims across tenants, and row-level security shows it only due rows. Everything else runs as the instance's tenant, by `tenants`. */
export function createHealthStore(workers: DatabasePool, tenants: DatabasePool): HealthStore {
  const write = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(tenants, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  const claim = async (statement: Statement<PlaceRow>): Promise<readonly InstancePlace[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(workers, { tenantIds: [] }, [statement]));
    return rows.map((row) => ({ tenantId: idOf('tnt', row.tenant_id), instanceId: idOf('ins', row.instance_id) }));
  };
  return {
    claimProbes: ({ limit, busyTenants }) => claim(claimProbes(busyTenants, limit)),
    findLapsed: (limit) => claim(findLapsedLeases(limit)),
    async loadTarget(place) {
      const statement = loadProbeTarget(place);
      const [row] = (await whenAvailable(readInTenant(tenants, uuidOf(place.tenantId), statement))).rows;
      if (row !== undefined) return targetOf(row);
      await write(place.tenantId, endProbes(place));
      return null;
    },
    async loadFacts(place) {
      const [row] = (await whenAvailable(readInTenant(tenants, uuidOf(place.tenantId), loadFacts(place)))).rows;
      return row === undefined ? null : factsOf(row);
    },
    async write(place, change) {
      return (await write(place.tenantId, writeHealth(place, change))).length === 1;
    },
    async renew(address, owner) {
      const [row] = await write(address.tenantId, renewLease(address, owner));
      if (row === undefined) return null;
      const { lease_ms: leaseMs, lease_until: until, admission } = row;
      return { leaseMs, until, admission, facts: factsOf(row) };
    },
    async markUsed(places, withinMs) {
      const tenantIds = [...new Set(places.map(({ tenantId }) => uuidOf(tenantId)))];
      await whenAvailable(inTransaction(tenants, { tenantIds }, [markUsed(places, withinMs)]));
    },
  };
}

function targetOf(row: ProbeTargetRow): ProbeTarget {
  return {
    ...factsOf(row),
    url: row.url,
    wire: row.wire,
    pinnedKeys: row.pinned_keys,
    policy: policyOf(row),
    isUsed: row.is_used,
    sinceLastMs: row.since_last_ms,
  };
}

/** A probe policy from its columns; null when the agent has none. */
export function policyOf(row: PolicyColumns): ProbePolicy | null {
  const { kind, path, interval_ms: intervalMs, timeout_ms: timeoutMs } = row;
  const { unhealthy_after: unhealthyAfter, healthy_after: healthyAfter } = row;
  return kind === null ? null : { kind, path, intervalMs, timeoutMs, unhealthyAfter, healthyAfter };
}

export type PolicyColumns = Pick<
  ProbeTargetRow,
  'kind' | 'path' | 'interval_ms' | 'timeout_ms' | 'unhealthy_after' | 'healthy_after'
>;

interface PlaceRow {
  readonly tenant_id: string;
  readonly instance_id: string;
}

const claimProbesText = `
with due as materialized (
  select tenant_id, instance_id from colloquy.instance_health
  where next_probe_at <= colloquy.now_utc() and tenant_id <> all ($1::uuid[])
  order by next_probe_at limit $2 for update skip locked
)
update colloquy.instance_health h set next_probe_at = colloquy.now_utc() + $3 * interval '1 millisecond'
from due d where h.tenant_id = d.tenant_id and h.instance_id = d.instance_id
returning h.tenant_id, h.instance_id`;

/** Claims due probes, the longest due first. Rows that another worker is claiming now are skipped. */
function claimProbes(busyTenants: readonly TenantId[], limit: number): Statement<PlaceRow> {
  return {
    name: 'claim-probes',
    text: claimProbesText,
    values: [busyTenants.map(uuidOf), limit, limits.instanceProbeClaimMs],
  };
}

/** Instances of all tenants whose lease has expired and was not judged since, the longest expired first. */
function findLapsedLeases(limit: number): Statement<PlaceRow> {
  return {
    name: 'find-lapsed-leases',
    text: `
      select tenant_id, instance_id from colloquy.instance_leases
      where not is_lapsed and lease_until <= colloquy.now_utc() order by lease_until limit $1`,
    values: [limit],
  };
}

/** Stops the probes of an instance that left, until it returns. */
function endProbes({ tenantId, instanceId }: InstancePlace): Statement {
  return {
    name: 'end-probes',
    text: 'update colloquy.instance_health set next_probe_at = null where tenant_id = $1 and instance_id = $2',
    values: [uuidOf(tenantId), uuidOf(instanceId)],
  };
}

/** The health facts of an instance that has not left. */
function loadFacts({ tenantId, instanceId }: InstancePlace): Statement<FactRow> {
  return {
    name: 'load-health-facts',
    text: `select ${factColumns} from ${factTables} where h.tenant_id = $1 and h.instance_id = $2`,
    values: [uuidOf(tenantId), uuidOf(instanceId)],
  };
}

// Another process may note the same instances at the same moment. Rows that it has locked are left to it.
const markUsedText = `
with wanted as materialized (
  select h.tenant_id, h.instance_id
  from unnest($1::uuid[], $2::uuid[]) as u (tenant_id, instance_id)
  join colloquy.instance_health h on h.tenant_id = u.tenant_id and h.instance_id = u.instance_id
  where h.next_probe_at is not null
  for no key update of h skip locked
)
update colloquy.instance_health h
set used_at = colloquy.now_utc(), next_probe_at = least(h.next_probe_at, colloquy.now_utc() + $3 * interval '1 millisecond')
from wanted w where h.tenant_id = w.tenant_id and h.instance_id = w.instance_id`;

/** Notes that tasks went to these instances, and makes their probes due soon. */
function markUsed(places: readonly InstancePlace[], withinMs: number): Statement {
  return {
    name: 'mark-instances-used',
    text: markUsedText,
    values: [
      places.map(({ tenantId }) => uuidOf(tenantId)),
      places.map(({ instanceId }) => uuidOf(instanceId)),
      withinMs,
    ],
  };
}
