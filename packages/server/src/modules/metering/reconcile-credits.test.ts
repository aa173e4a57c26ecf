/** Guarantee: tenants whose books cannot be read do not keep the others from being reconciled, however many they are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { PlatformError } from '../../kernel/errors.ts';
import { createIdSource } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { reconcileDueCredits } from './reconcile-credits.ts';
import type { CreditReconciliationWork } from './reconcile-credits.ts';

const tenants = (count: number, from: number): TenantId[] =>
  Array.from({ length: count }, (_, at) => `tnt_${String(from + at).padStart(32, '0')}` as const);

const ids = createIdSource(new FakeClock(0), { bytes: (length) => new Uint8Array(length) });

const wallet = {
  grantedMicrocredits: 0n,
  availableMicrocredits: 0n,
  reservedMicrocredits: 0n,
  usedMicrocredits: 0n,
  expiredMicrocredits: 0n,
  overageMicrocredits: 0n,
};

describe('reconciling the wallets that are due', () => {
  it('reaches every tenant, though those that fail are due first and stay due', async () => {
    const broken = new Set(tenants(limits.creditReconcileTenantsMax * 2, 1));
    const sound = new Set(tenants(5, 1_000));
    const attempts = new Map<TenantId, number>();
    const reconciliations: CreditReconciliationWork = {
      findDue: (_olderThanMs, tenantsMax) => Promise.resolve([...broken, ...sound].slice(0, tenantsMax)),
      advanceCheckpoint: (tenantId) => {
        attempts.set(tenantId, (attempts.get(tenantId) ?? 0) + 1);
        return broken.has(tenantId)
          ? Promise.reject(new PlatformError('platform.unavailable'))
          : Promise.resolve(false);
      },
      readBooks: () =>
        Promise.resolve({
          wallet,
          checkedAvailableMicrocredits: 0n,
          totals: {},
          checkpointTotals: {},
          openMicrocredits: 0n,
          leftMicrocredits: 0n,
        }),
      record: (drifts, { tenantId }) => {
        assert.deepEqual(drifts, []);
        sound.delete(tenantId);
        return Promise.resolve({ checkedAt: new Date(0), drifts });
      },
      find: () => assert.fail(),
      totalDrift: () => Promise.resolve(0n),
    };
    const round = reconcileDueCredits({ reconciliations, ids, report: () => assert.fail() });
    for (let at = 0; at < 2; at += 1) await assert.rejects(round, { code: 'platform.unavailable' });
    await round();
    assert.equal(sound.size, 0);
    assert.deepEqual(new Set(attempts.values()), new Set([1]));
    await round();
    await assert.rejects(round, { code: 'platform.unavailable' }, 'they are tried again when no others are due');
  });
});
