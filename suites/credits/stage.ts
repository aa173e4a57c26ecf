import { randomBytes } from 'node:crypto';
import {
  createReconciliationStore,
  createIdSource,
  createNodeStore,
  createPool,
  driftsOf,
  systemClock,
  uuidOf,
} from '@colloquy/server/test';
import type { DatabasePool, IdSource, NodeId, TenantId } from '@colloquy/server/test';
import { entryLine } from './expected-entries.ts';
import type { EntryLine } from './expected-entries.ts';
import { seedTenant } from './seeds.ts';
import type { CreditTenant, TenantSeed } from './seeds.ts';
import { CreditProcess } from './worker.ts';

/** The database and the processes of a run. */
export interface CreditStage {
  readonly admin: DatabasePool;
  readonly processes: readonly CreditProcess[];
  /** A node that is alive for the whole run, under whose lease every task is worked on. */
  readonly nodeId: NodeId;
  seed(tenant: TenantSeed): Promise<SeededTenant>;
  /** What the product's own reconciliation finds of a tenant at this moment. */
  reconcile(tenantId: TenantId): Promise<readonly string[]>;
}

export interface SeededTenant extends CreditTenant {
  readonly expected: readonly EntryLine[];
}

export async function setStage(url: string, processCount: number): Promise<CreditStage & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const open = (role?: string): DatabasePool => {
    const shared = { url, connectionsMax: 1, applicationName: 'credits-suite', statementTimeoutMs: 120_000 };
    const pool = createPool(role === undefined ? shared : { ...shared, role });
    stack.defer(() => pool.end());
    return pool;
  };
  const ids: IdSource = createIdSource(systemClock, { bytes: (length) => randomBytes(length) });
  const [admin, app, worker] = [open(), open('colloquy_app'), open('colloquy_worker')];
  const reconciliations = createReconciliationStore(app);
  const nodeId = ids.next('nod');
  await createNodeStore(worker, worker).register(nodeId, 'credits-suite');
  const processes = Array.from({ length: processCount }, () => stack.use(new CreditProcess(url)));
  return {
    admin,
    processes,
    nodeId,
    async seed(seed) {
      const { grantId, ...tenant } = await seedTenant(app, ids, seed);
      return { ...tenant, expected: [entryLine(uuidOf(tenant.tenantId), grantId, 'grant', seed.credits)] };
    },
    async reconcile(tenantId) {
      const drifts = driftsOf(await reconciliations.readBooks(tenantId, 'every-entry'));
      return drifts.map(
        ({ of, expectedMicrocredits: expected, foundMicrocredits: found }) =>
          `reconciliation of ${tenantId}: ${of} is ${found}, not ${expected}`,
      );
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
