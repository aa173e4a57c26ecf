import { createGrantLapseStore } from '../src/adapters/postgres/metering/grant-lapse-store.ts';
import { createCreditLedgerStore } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { createReconciliationWork } from '../src/adapters/postgres/metering/credit-reconciliation-store.ts';
import { createCreditStatementStore } from '../src/adapters/postgres/metering/credit-statement-store.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import {
  grantCredits,
  lapseDueGrants,
  listLedgerEntries,
  readBalance,
  readCreditStatement,
  reconcileCredits,
  reconcileDueCredits,
  transferCredits,
} from '../src/modules/metering/index.ts';
import { ownRights } from './own-rights.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** The use cases of credits over the stores that tasks are recorded with. */
export async function startCreditSetting() {
  const setting = await startTaskSetting();
  const { ids } = setting;
  const ports = portsOf(setting);
  const callerOf = ({ tenantId, slug }: SeededTenant): Caller => ({
    principal: { kind: 'oauth-client', id: ids.next('cli') },
    ...ownRights,
    tenant: { id: tenantId, slug },
    scopes: new Set(),
    requestId: ids.next('req'),
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
  });
  const grant = grantCredits(ports);
  const transfer = transferCredits(ports);
  const list = listLedgerEntries(ports);
  const balance = readBalance(ports);
  const statement = readCreditStatement(ports);
  const reconcile = reconcileCredits(ports);
  return {
    ...setting,
    ...tasksOf(setting),
    ...dutiesOf(ports),
    ports,
    callerOf,
    grantTo: (tenant: SeededTenant, amount: bigint, options: { expiresAt?: Date; grantId?: string } = {}) =>
      grant(callerOf(tenant), { amountMicrocredits: amount, grantId: null, ...options }),
    transfer: (from: SeededTenant, to: string, amountMicrocredits: bigint, transferId: string | null = null) =>
      transfer(callerOf(from), { to, amountMicrocredits, transferId }),
    statementOf: (tenant: SeededTenant, month: string) => statement(callerOf(tenant), month),
    reconcile: (tenant: SeededTenant) => reconcile(callerOf(tenant)),
    balanceOf: (tenant: SeededTenant) => balance(callerOf(tenant)),
    /** `kind amount` of the tenant's newest entries, newest first; entries of one moment in the order of their kinds. */
    async entriesOf(tenant: SeededTenant): Promise<string[]> {
      const { items } = await list(callerOf(tenant), { after: null, limit: 100, taskId: null });
      return items.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`);
    },
    auditedFacts: (tenant: SeededTenant, action: string) =>
      setting
        .rows<{ facts: Record<string, string> }>(
          'select facts from colloquy.audit_entries where tenant_id = $1 and action = $2 order by entry_id',
          uuidOf(tenant.tenantId),
          action,
        )
        .then((rows) => rows.map(({ facts }) => facts)),
  };
}

function portsOf({ readers, workers, ids }: TaskSetting) {
  return {
    ids,
    ledger: createCreditLedgerStore(readers),
    lapses: createGrantLapseStore(workers, readers),
    tenants: createTenantStore(readers),
    reconciliations: createReconciliationWork(workers, readers),
    statements: createCreditStatementStore(readers),
  };
}

/** The duties of workers, until nothing is due. */
function dutiesOf(ports: ReturnType<typeof portsOf>) {
  return {
    /** Reconciles every tenant that is due. Resolves with `tenant figure difference` of what was reported. */
    async reconcileDue(): Promise<string[]> {
      const reported: string[] = [];
      const reconcileSome = reconcileDueCredits({
        ...ports,
        report: (tenantId, drifts) => {
          for (const { of, expectedMicrocredits: expected, foundMicrocredits: found } of drifts) {
            reported.push(`${tenantId} ${of} ${found - expected}`);
          }
        },
      });
      while (await reconcileSome());
      return reported;
    },
    /** What lapses now, over all tenants. */
    async lapseAll(): Promise<bigint> {
      let total = 0n;
      const lapse = lapseDueGrants({
        ...ports,
        count: (microcredits) => {
          total += microcredits;
        },
      });
      while (await lapse());
      return total;
    },
  };
}

/** Tasks as they use credits. */
function tasksOf(setting: TaskSetting) {
  return {
    /** Records a task that reserves the amount and stays open until it is ended. */
    async openTask(tenant: SeededTenant, reserveMicrocredits: bigint) {
      const draft = draftTask(setting, tenant, { reserveMicrocredits });
      await setting.store.record(draft);
      return {
        end: (state: 'COMPLETED' | 'FAILED') => setting.store.write(draftEnd(setting, draft, `TASK_STATE_${state}`)),
      };
    },
    /** Records a task that reserves the amount, and ends it as completed or failed. */
    async runTask(tenant: SeededTenant, reserveMicrocredits: bigint, state: 'COMPLETED' | 'FAILED' = 'COMPLETED') {
      const draft = draftTask(setting, tenant, { reserveMicrocredits });
      const recorded = await setting.store.record(draft);
      if (recorded.kind === 'recorded') await setting.store.write(draftEnd(setting, draft, `TASK_STATE_${state}`));
      return recorded.kind;
    },
    /** Makes the tenant owe the amount, as tasks do that cost more than was reserved while nothing is available. */
    async letOwe(tenant: SeededTenant, owed: bigint): Promise<void> {
      await setting.rows(
        `insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, changed_by) values ($1, 'debit', $2, 'cli_seed')`,
        uuidOf(tenant.tenantId),
        owed,
      );
      const draft = draftTask(setting, tenant, { reserveMicrocredits: 1n });
      await setting.store.record(draft);
      const completed = draftEnd(setting, draft, 'TASK_STATE_COMPLETED');
      const end = completed.end && { ...completed.end, priceMicrocredits: 1_000_000_000n, isMetered: true as const };
      await setting.store.write({ ...completed, end });
    },
  };
}

export type CreditSetting = Awaited<ReturnType<typeof startCreditSetting>>;
