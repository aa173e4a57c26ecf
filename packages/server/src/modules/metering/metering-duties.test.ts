/** Guarantee: tenants that a duty fails for do not keep it from the others, however many they are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { PlatformError } from '../../kernel/errors.ts';
import { createIdSource } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { emptyBalance } from './credit-ledger-rules.ts';
import { lapseDueGrants } from './lapse-grants.ts';
import { reconcileDueCredits } from './reconcile-credits.ts';
import type { CreditReconciliationWork } from './reconcile-credits.ts';

const tenants = (count: number, from: number): TenantId[] =>
  Array.from({ length: count }, (_, at) => `tnt_${String(from + at).padStart(32, '0')}` as const);

const ids = createIdSource(new FakeClock(0), { bytes: (length) => new Uint8Array(length) });

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
          wallet: emptyBalance,
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

describe('lapsing the grants that are due', () => {
  it('reaches every tenant, though those that fail are due first and stay due', async () => {
    const locked = new Set(tenants(limits.creditLapseTenantsMax, 1));
    const free = new Set(tenants(5, 1_000));
    let lapsed = 0n;
    const lapse = lapseDueGrants({
      ids,
      lapses: {
        findDue: (tenantsMax) => Promise.resolve([...locked, ...free].slice(0, tenantsMax)),
        lapse: ({ tenantId }) => {
          if (locked.has(tenantId)) return Promise.reject(new PlatformError('platform.unavailable'));
          free.delete(tenantId);
          return Promise.resolve(2n);
        },
      },
      count: (microcredits) => (lapsed += microcredits),
    });
    await assert.rejects(lapse, { code: 'platform.unavailable' });
    await lapse();
    assert.equal(free.size, 0);
    assert.equal(lapsed, 10n);
  });
});
