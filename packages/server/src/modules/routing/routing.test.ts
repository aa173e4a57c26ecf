/** Guarantee: a route in use is at most a few seconds old, is read by one reader at a time, and unknown agents leave no trace. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '@colloquy/testkit';
import { limits } from '../../kernel/limits.ts';
import { RouteCache } from './route-cache.ts';
import type { AgentInstance, Route } from './route.ts';
import type { RouteStore } from './route-store.ts';

const hex = (digit: string): string => digit.repeat(32);
const instance = (digit: string): AgentInstance => ({
  instanceId: `ins_${hex(digit)}` as const,
  url: 'http://a/',
  wire: '1.0 JSONRPC',
  routingTag: null,
  version: null,
  weight: 100,
  region: null,
  admission: 'active',
  slotsMax: null,
  health: { state: 'unknown', reason: null, sinceMs: 0 },
});
const route: Route = {
  tenantId: `tnt_${hex('1')}` as const,
  tenantSlug: 't',
  agentId: `agt_${hex('2')}` as const,
  agentName: 'echo',
  cardVersion: 1,
  streaming: true,
  idempotent: false,
  priceMicrocredits: 1n,
  taskMsMax: 1_000,
  tier: 'silver',
  slotsMax: null,
  department: null,
  costCenter: null,
  skills: new Map(),
  inputModes: [],
  cardLimit: null,
  extensions: [],
  credential: null,
  pinnedKeys: [],
  instances: [instance('1')],
};

/** Registrations that are read as slowly as the test wants. */
class Registrations implements RouteStore {
  reads = 0;
  answer: Route | null | Error = route;
  async findByName(): Promise<Route | null> {
    this.reads += 1;
    await turn();
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
  findById(): Promise<Route | null> {
    return this.findByName();
  }
  everHeld(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

describe('routes in use', () => {
  const given = () => {
    const store = new Registrations();
    const clock = new FakeClock();
    return { store, clock, cache: new RouteCache(store, clock) };
  };

  it('are read once by many who miss at once, and answered at once while they are fresh', async () => {
    const { store, clock, cache } = given();
    const found = await Promise.all(Array.from({ length: 10 }, async () => cache.resolve(route.tenantId, 'echo')));
    assert.ok(found.every((one) => one === route));
    assert.equal(cache.resolve(route.tenantId, 'echo'), route);
    await clock.advance(limits.routeRefreshMs - 1);
    assert.equal(cache.resolve(route.tenantId, 'echo'), route);
    assert.equal(store.reads, 1);
    await clock.advance(1);
    await cache.resolve(route.tenantId, 'echo');
    assert.equal(store.reads, 2);
  });

  it('end with the registration, also for those who knew them, and a failed read is tried again', async () => {
    const { store, clock, cache } = given();
    await cache.resolve(route.tenantId, 'echo');
    store.answer = null;
    await clock.advance(limits.routeRefreshMs);
    for (let tries = 0; tries < 2; tries += 1) {
      await assert.rejects(async () => cache.resolve(route.tenantId, 'echo'), { code: 'registry.agent-unknown' });
    }
    store.answer = new Error('away');
    await assert.rejects(async () => cache.resolve(route.tenantId, 'echo'), /away/);
    store.answer = route;
    assert.equal(await cache.resolve(route.tenantId, 'echo'), route);
  });

  it('are not kept when they changed while they were read, and are read anew by who asks after the change', async () => {
    const { store, cache } = given();
    const before = cache.resolve(route.tenantId, 'echo');
    cache.forget(route.tenantId);
    const changed = { ...route, priceMicrocredits: 2n };
    const after = cache.resolve(route.tenantId, 'echo');
    store.answer = changed;
    await Promise.all([before, after]);
    assert.equal(await cache.resolve(route.tenantId, 'echo'), changed);
    assert.equal(store.reads, 2);
  });

  it('belong to a tenant: another one reads for itself, and is not forgotten with it', async () => {
    const { store, cache } = given();
    const other = `tnt_${hex('9')}` as const;
    await cache.resolve(route.tenantId, 'echo');
    await cache.resolve(other, 'echo');
    assert.equal(store.reads, 2);
    cache.forget(route.tenantId);
    assert.equal(cache.resolve(other, 'echo'), route);
    await cache.resolve(route.tenantId, 'echo');
    assert.equal(store.reads, 3);
  });
});
