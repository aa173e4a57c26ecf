import { checkpointDirOf } from '@colloquy/testkit';
import { checkpointKeyOf, createCheckpointFiles, createSealing } from '../src/adapters/audit/index.ts';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createSealStore } from '../src/adapters/postgres/audit/seal-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { Sealer } from '../src/modules/audit/index.ts';
import type { SealerTimes } from '../src/modules/audit/index.ts';
import { settledTransactions } from './settled-transactions.ts';
import type { TaskSetting } from './task-setting.ts';

/** A sealer over the setting's database, which signs as often as `times` say. */
export function sealerOf({ sealers, database }: TaskSetting, times: SealerTimes): Sealer {
  return new Sealer({
    store: createSealStore(sealers),
    sealing: createSealing(checkpointKeyOf(Buffer.alloc(32, 9)), (tenant) => Buffer.from(tenant)),
    sink: createCheckpointFiles(checkpointDirOf(database.adminUrl)),
    clock: systemClock,
    times,
  });
}

/** Seals what was written so far, and gives the tenant a row in every table of its chain. */
export async function seedChain(setting: TaskSetting, { tenantId }: { readonly tenantId: TenantId }): Promise<void> {
  const sealer = sealerOf(setting, { checkpointMs: 0, checkpointRecordsMax: 1_000 });
  await settledTransactions((sql, ...values) => setting.rows(sql, ...values));
  await sealer.round(setting.nodeId);
  await setting.rows(
    `insert into colloquy.audit_nodes (tenant_id, level, position, hash) values ($1, 8, 0, sha256('node'))`,
    uuidOf(tenantId),
  );
  await setting.rows('insert into colloquy.audit_retentions (tenant_id, keep_days) values ($1, 400)', uuidOf(tenantId));
  await setting.rows(
    `insert into colloquy.audit_subjects (tenant_id, subject_id, key_sealed) values ($1, 'per_seed', 'key')`,
    uuidOf(tenantId),
  );
}
