/** Guarantee: a process that hears nothing forgets what it keeps of a tenant at every stop, also of what was stopped a moment ago (T25). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import type { SuspensionInForce } from '../../tasks/index.ts';
import { SuspensionWatch } from './suspension-watch.ts';
import type { SuspensionWatchPorts } from './suspension-watch.ts';

const tenantId = `tnt_${'0'.repeat(32)}` as const;
const stopAt = (stoppedAtMs: number): SuspensionInForce => ({ tenantId, kind: 'agent', name: 'worker', stoppedAtMs });

describe('a stop', () => {
  it('is found once, and again when it was lifted and set anew between two looks', async () => {
    let stops: readonly SuspensionInForce[] = [];
    let found = 0;
    const ports: Pick<SuspensionWatchPorts, 'stopped' | 'clock' | 'onFound'> = {
      clock: new FakeClock(0),
      stopped: {
        listSuspensions: () => Promise.resolve(stops),
        drain: () => Promise.resolve({ asked: [], waiting: [] }),
      },
      onFound: (id) => {
        assert.equal(id, tenantId);
        found += 1;
      },
    };
    // Nothing is under work, so no other port is asked.
    const watch = new SuspensionWatch(ports as SuspensionWatchPorts);
    const foundBy = async (...next: readonly SuspensionInForce[]): Promise<number> => {
      stops = next;
      await watch.check();
      return found;
    };
    assert.equal(await foundBy(stopAt(1)), 1);
    assert.equal(await foundBy(stopAt(1)), 1);
    assert.equal(await foundBy(stopAt(2)), 2);
    assert.equal(await foundBy(), 2);
  });
});
