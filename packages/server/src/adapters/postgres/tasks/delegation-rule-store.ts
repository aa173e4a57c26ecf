import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { DelegationRuleStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

/** The delegation settings of tenants in PostgreSQL, over a pool of the application's role. */
export function createDelegationRuleStore(pool: DatabasePool): DelegationRuleStore {
  return {
    async findDepthMax(tenantId) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), findDelegationRule(tenantId)));
      return rows[0]?.depth_max ?? null;
    },
    async setDepthMax(depthMax, entry) {
      const options = { tenantIds: [uuidOf(entry.tenantId)] };
      await untilKnown(() => inTransaction(pool, options, [setDelegationRule(depthMax, entry)]));
    },
  };
}

export const delegationRulePorts = (pool: DatabasePool) => ({ delegationRules: createDelegationRuleStore(pool) });

interface DelegationRuleRow {
  readonly depth_max: number;
}

/** The delegation settings of a tenant; no row when it has none. */
function findDelegationRule(tenantId: TenantId): Statement<DelegationRuleRow> {
  return {
    name: 'find-delegation-rule',
    text: 'select depth_max from colloquy.delegation_rules where tenant_id = $1',
    values: [uuidOf(tenantId)],
  };
}

const text = `
with ruled as (
  insert into colloquy.delegation_rules (tenant_id, depth_max) values ($1, $2::smallint)
  on conflict (tenant_id) do update set depth_max = excluded.depth_max, set_at = colloquy.now_utc()
  returning tenant_id
)
insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
select tenant_id, $3, $4, $5, $6, $7, $8, $9 from ruled`;

/** Sets how deep a tenant's delegation chains may be, with the audit entry. */
function setDelegationRule(depthMax: number, entry: NewAuditEntry): Statement {
  const { tenantId, entryId, actorId, action, outcome, resource, requestId, facts } = entry;
  return {
    name: 'set-delegation-rule',
    text,
    values: [
      uuidOf(tenantId),
      depthMax,
      uuidOf(entryId),
      actorId,
      action,
      outcome,
      resource,
      requestId,
      JSON.stringify(facts),
    ],
  };
}
