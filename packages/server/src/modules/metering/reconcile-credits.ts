import type { Caller } from '../../kernel/caller.ts';
import { workOnDueTenants } from '../../kernel/due-tenants.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import { driftsOf } from './credit-reconciliation-rules.ts';
import type { CreditBooks, CreditDrift } from './credit-reconciliation-rules.ts';

/** What the last reconciliation of a tenant found. */
export interface CreditReconciliation {
  /** Null when there was none yet. */
  readonly checkedAt: Date | null;
  readonly drifts: readonly CreditDrift[];
}

/** Reconciliations of wallets. Every method rejects with `platform.unavailable` while the database is away. */
export interface CreditReconciliationStore {
  /** Sums a part of the ledger up to a midnight, so that it is not read again; true when more can be summed. */
  advanceCheckpoint(tenantId: TenantId): Promise<boolean>;
  /** The books of a tenant as of one moment; `every-entry` reads those before the newest checkpoint as well. */
  readBooks(tenantId: TenantId, reads: 'every-entry' | 'since-checkpoint'): Promise<CreditBooks>;
  /** Keeps what was found, with the audit entry if the differences are other ones than before. Checkpoints that are off are removed. */
  record(drifts: readonly CreditDrift[], entry: NewAuditEntry): Promise<CreditReconciliation>;
  find(tenantId: TenantId): Promise<CreditReconciliation>;
}

/** The same for workers, over all tenants. */
export interface CreditReconciliationWork extends CreditReconciliationStore {
  /** Tenants that were not reconciled for so long, those that waited longest first. */
  findDue(olderThanMs: number, tenantsMax: number): Promise<readonly TenantId[]>;
  /** The sum of all differences, as the last reconciliation of each tenant found them. */
  totalDrift(): Promise<bigint>;
}

interface ReconciliationPorts {
  readonly reconciliations: CreditReconciliationStore;
  readonly ids: IdSource;
}

/** What the last reconciliation of the caller's tenant found. */
export function readReconciliation({ reconciliations }: Pick<ReconciliationPorts, 'reconciliations'>) {
  return (caller: Caller): Promise<CreditReconciliation> => reconciliations.find(caller.tenant.id);
}

/** Recomputes the balances of the caller's tenant from every entry, and compares them with its wallet, open tasks and grants. */
export function reconcileCredits({ reconciliations, ids }: ReconciliationPorts) {
  return async (caller: Caller): Promise<CreditReconciliation> => {
    const drifts = driftsOf(await reconciliations.readBooks(caller.tenant.id, 'every-entry'));
    return reconciliations.record(drifts, auditEntryBy(caller, ids, actOf(drifts)));
  };
}

interface DutyPorts {
  readonly reconciliations: CreditReconciliationWork;
  readonly ids: IdSource;
  /** Hears of a wallet that is off. */
  readonly report: (tenantId: TenantId, drifts: readonly CreditDrift[]) => void;
}

/** Reconciles some of the tenants that are due; true when there may be more. One that cannot be read does not keep the others waiting. */
export function reconcileDueCredits({ reconciliations, ids, report }: DutyPorts) {
  const reconcile = async (tenantId: TenantId): Promise<void> => {
    while (await reconciliations.advanceCheckpoint(tenantId));
    const drifts = driftsOf(await reconciliations.readBooks(tenantId, 'since-checkpoint'));
    const by = { tenantId, entryId: ids.next('ent'), actorId: 'platform', requestId: ids.next('req') };
    await reconciliations.record(drifts, { ...by, ...actOf(drifts) });
    if (drifts.length > 0) report(tenantId, drifts);
  };
  return workOnDueTenants({
    findDue: (tenantsMax) => reconciliations.findDue(limits.creditReconcileEveryMs, tenantsMax),
    tenantsMax: limits.creditReconcileTenantsMax,
    work: reconcile,
  });
}

function actOf(drifts: readonly CreditDrift[]) {
  return {
    action: 'credits.drift-found',
    outcome: 'failed',
    resource: 'credits',
    facts: Object.fromEntries(
      drifts.map((one) => [one.of, `expected ${one.expectedMicrocredits}, found ${one.foundMicrocredits}`]),
    ),
  } as const;
}
