import { limits } from '../../../kernel/limits.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** Removes what has served its time. */
export interface Housekeeper {
  /**
   * Forgets old idempotency keys, expired records, revocations, failed sign-ins, spent proofs, old deliveries, old events, old alerts, old windows of budgets,
   * retired signing keys, old counts of sends and of ended tasks, months of usage, full buckets, instances that left and nodes long dead, slice by slice;
   * resolves with how many rows went. After a failure it goes on with the other rows, and rejects at the end.
   */
  sweep(): Promise<number>;
}

/** Keeps house in PostgreSQL, over a pool of the worker's role. */
export function createHousekeeper(pool: DatabasePool): Housekeeper {
  const { housekeepingRowsMax: rowsMax, housekeepingSlicesMax: slicesMax } = limits;
  const forget = async (statement: Statement): Promise<number> => {
    let forgotten = 0;
    for (let slice = 0; slice < slicesMax; slice += 1) {
      const [{ rowCount }] = await inTransaction(pool, { tenantIds: [] }, [statement]);
      forgotten += rowCount;
      if (rowCount < rowsMax) break;
    }
    return forgotten;
  };
  const dropUsageMonths = async (): Promise<number> => {
    const [{ rows }] = await inTransaction(pool, { tenantIds: [] }, [dropOldUsage(limits.usageKeptMonths)]);
    return rows[0]?.dropped ?? 0;
  };
  return {
    async sweep() {
      let deleted = 0;
      const failures: unknown[] = [];
      const steps = [...everyDelete(rowsMax).map((statement) => () => forget(statement)), dropUsageMonths];
      for (const step of steps) {
        try {
          deleted += await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) {
        throw new AggregateError(failures, 'Expired rows could not be deleted.', { cause: failures[0] });
      }
      return deleted;
    },
  };
}

/** Every statement that deletes expired rows. */
const everyDelete = (rowsMax: number): readonly Statement[] => [
  forgetOldKeys(limits.idempotencyKeyMs, rowsMax),
  forgetExpiredRecords(rowsMax),
  forgetOldRevocations(rowsMax),
  forgetOldSignInFailures(limits.signInFailuresKeptMs, rowsMax),
  forgetSpentProofs(rowsMax),
  forgetOldDeliveries(limits.deliveryKeptMs, rowsMax),
  forgetOldEvents(limits.eventKeptMs, rowsMax),
  forgetOldEventDeadLetters(limits.eventDeadLetterKeptMs, rowsMax),
  forgetOldAlerts(limits.alertKeptMs, rowsMax),
  forgetOldBudgetWindows(limits.budgetWindowKeptMs, rowsMax),
  forgetRetiredKeys(limits.retiredKeyKeptMs),
  forgetOldQuotas(limits.quotaCountKeptMs, rowsMax),
  forgetOldSlaCounts(limits.slaKeptMs, rowsMax),
  forgetFullBuckets(rowsMax),
  forgetLeftInstances(limits.instanceLeftKeptMs, rowsMax),
  forgetDeadNodes(limits.deadNodeKeptMs),
];

/** Drops the partitions of months of usage that ended more than `keptMonths` ago. */
function dropOldUsage(keptMonths: number): Statement<{ readonly dropped: number }> {
  return {
    name: 'drop-old-usage',
    text: 'select colloquy.drop_usage_months($1) as dropped',
    values: [keptMonths],
  };
}

/** Forgets nodes that have been dead for `deadForMs` and hold no task. */
function forgetDeadNodes(deadForMs: number): Statement {
  return {
    name: 'forget-dead-nodes',
    text: `
      delete from colloquy.nodes n
      where n.dead_at < colloquy.now_utc() - $1 * interval '1 millisecond'
        and not exists (select from colloquy.tasks t where t.node_id = n.node_id)`,
    values: [deadForMs],
  };
}

/** Forgets records of the authorization server that have expired, at most `limit` of them. */
function forgetExpiredRecords(limit: number): Statement {
  return {
    name: 'forget-expired-records',
    text: `
      delete from colloquy.oidc_records where ctid = any (array(
        select ctid from colloquy.oidc_records where expires_at < colloquy.now_utc() limit $1))`,
    values: [limit],
  };
}

/** Forgets buckets that have been full for a minute, which is as if they had never been, at most `limit` of them. */
function forgetFullBuckets(limit: number): Statement {
  return {
    name: 'forget-full-buckets',
    text: `
      delete from colloquy.rate_buckets where ctid = any (array(
        select ctid from colloquy.rate_buckets where full_at < colloquy.now_utc() - interval '1 minute' limit $1))`,
    values: [limit],
  };
}

/** Forgets instances that left longer ago than `olderThanMs`, at most `limit` of them, of whatever tenant, with all that is known of them. */
function forgetLeftInstances(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-left-instances',
    text: `
      delete from colloquy.agent_instances where ctid = any (array(
        select ctid from colloquy.agent_instances
        where left_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Forgets deliveries that were settled longer ago than `olderThanMs`, at most `limit` of them, of whatever tenant. */
function forgetOldDeliveries(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-deliveries',
    text: `
      delete from colloquy.deliveries where ctid = any (array(
        select ctid from colloquy.deliveries
        where state in ('delivered', 'dead') and last_attempt_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Deletes alerts that were raised longer ago than `olderThanMs`, at most `limit` of them, of all tenants. */
function forgetOldAlerts(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-alerts',
    text: `
      delete from colloquy.credit_alerts where ctid = any (array(
        select ctid from colloquy.credit_alerts
        where raised_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Deletes windows of budgets that ended longer ago than `olderThanMs`, at most `limit` of them, of all tenants. */
function forgetOldBudgetWindows(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-budget-windows',
    text: `
      delete from colloquy.delegation_budgets where ctid = any (array(
        select ctid from colloquy.delegation_budgets
        where ends_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Deletes events that were dead-lettered longer ago than `olderThanMs`, at most `limit` of them, of all tenants. */
function forgetOldEventDeadLetters(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-event-dead-letters',
    text: `
      delete from colloquy.event_dead_letters where ctid = any (array(
        select ctid from colloquy.event_dead_letters
        where dead_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/**
 * Deletes events that were appended to the outbox longer ago than `olderThanMs`, at most `limit` of them, of all tenants, with those before them: sinks count
 * what they missed by the first event that is left. A transaction that began before another may have committed, and so have its number, after it.
 */
function forgetOldEvents(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-events',
    text: `
      delete from colloquy.event_outbox where ctid = any (array(
        select o.ctid from colloquy.event_outbox o
        join (
          select tenant_id, max(seq) as last_seq from colloquy.event_outbox
          where created_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' group by tenant_id
        ) old on old.tenant_id = o.tenant_id and o.seq <= old.last_seq
        order by o.tenant_id, o.seq limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Forgets idempotency keys older than `olderThanMs`, at most `limit` of them, of whatever tenant. */
function forgetOldKeys(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-keys',
    text: `
      delete from colloquy.idempotency_keys where ctid = any (array(
        select ctid from colloquy.idempotency_keys
        where created_at < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Forgets counts of sends whose period began longer than `olderThanMs` ago, at most `limit` of them, of whatever tenant. */
function forgetOldQuotas(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-quotas',
    text: `
      delete from colloquy.quota_counts where ctid = any (array(
        select ctid from colloquy.quota_counts
        where begins_on < (colloquy.now_utc() - $1 * interval '1 millisecond')::date limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Forgets revocations that end nothing any more, at most `limit` of them. */
function forgetOldRevocations(limit: number): Statement {
  return {
    name: 'forget-old-revocations',
    text: `
      delete from colloquy.revocations where ctid = any (array(
        select ctid from colloquy.revocations where expires_at < colloquy.now_utc() - interval '1 hour' limit $1))`,
    values: [limit],
  };
}

/** Forgets failures to sign in that count no more, at most `limit` of them. */
function forgetOldSignInFailures(keptMs: number, limit: number): Statement {
  return {
    name: 'forget-old-sign-in-failures',
    text: `
      delete from colloquy.sign_in_failures where ctid = any (array(
        select ctid from colloquy.sign_in_failures
        where failed_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond' limit $2))`,
    values: [keptMs, limit],
  };
}

/** Forgets how tasks ended in hours longer than `olderThanMs` ago, at most `limit` rows of them, of whatever tenant. */
function forgetOldSlaCounts(olderThanMs: number, limit: number): Statement {
  return {
    name: 'forget-old-sla-counts',
    text: `
      delete from colloquy.sla_counts where ctid = any (array(
        select ctid from colloquy.sla_counts
        where hour < colloquy.now_utc() - $1 * interval '1 millisecond' limit $2))`,
    values: [olderThanMs, limit],
  };
}

/** Forgets signing keys that were retired `retiredForMs` ago: what they signed has long ended. A dropped one is remembered. */
function forgetRetiredKeys(retiredForMs: number): Statement {
  return {
    name: 'forget-retired-keys',
    text: `
      delete from colloquy.signing_keys
      where retired_at < colloquy.now_utc() - $1 * interval '1 millisecond' and dropped_at is null`,
    values: [retiredForMs],
  };
}

/** Forgets spent proofs that could not pass any more, at most `limit` of them. */
function forgetSpentProofs(limit: number): Statement {
  return {
    name: 'forget-spent-proofs',
    text: `
      delete from colloquy.spent_proofs where ctid = any (array(
        select ctid from colloquy.spent_proofs where expires_at < colloquy.now_utc() limit $1))`,
    values: [limit],
  };
}
