import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { HealthStore, InstancePlace, ProbePolicy, ProbeTarget } from '../../../modules/instances/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { claimProbes } from './claim-probes.ts';
import type { PlaceRow } from './claim-probes.ts';
import { endProbes } from './end-probes.ts';
import { factsOf } from './fact-columns.ts';
import { findLapsedLeases } from './find-lapsed-leases.ts';
import { loadFacts } from './load-facts.ts';
import { loadProbeTarget } from './load-probe-target.ts';
import type { ProbeTargetRow } from './load-probe-target.ts';
import { markUsed } from './mark-used.ts';
import { renewLease } from './renew-lease.ts';
import { writeHealth } from './write-health.ts';

/** `workers` claims across tenants and sees only what is due; everything else is done as the one tenant it is about, by `tenants`. */
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

/** The columns of a policy; null where there is none. */
export function policyOf(row: PolicyColumns): ProbePolicy | null {
  const { kind, path, interval_ms: intervalMs, timeout_ms: timeoutMs } = row;
  const { unhealthy_after: unhealthyAfter, healthy_after: healthyAfter } = row;
  return kind === null ? null : { kind, path, intervalMs, timeoutMs, unhealthyAfter, healthyAfter };
}

export type PolicyColumns = Pick<
  ProbeTargetRow,
  'kind' | 'path' | 'interval_ms' | 'timeout_ms' | 'unhealthy_after' | 'healthy_after'
>;
