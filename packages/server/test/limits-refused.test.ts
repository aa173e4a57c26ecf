/**
 * Guarantee: a refused request uses no quota, neither of the clients that share a limit nor of its own client.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { createSystemRandom } from '../src/adapters/clock/system-clock.ts';
import { everything } from '../src/kernel/access-rights.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import { acceptSend } from '../src/modules/gateway/send/accept-send.ts';
import type { GatewayPorts } from '../src/modules/gateway/ports.ts';
import type { Limiter } from '../src/modules/limits/index.ts';
import { newLimiter } from './limit-setting.ts';

const clock = new FakeClock(Date.UTC(2031, 0, 31, 12));
const ids = createIdSource(clock, createSystemRandom());
const tenant = { id: ids.next('tnt'), slug: 'acme' };
const used = { tenant, principal: { id: 'cli_used' } };
const other = { tenant, principal: { id: 'cli_other' } };
const agent = { agentId: 'agt_1', agentName: 'echo', cardLimit: null };
const nothing = { requestsPerSecond: null, burstRequests: null, sendsPerDay: null, sendsPerMonth: null };
const slow = { perSecond: 0.001, burst: 3 };

function attempts(times: number, attempt: () => unknown): string[] {
  return Array.from({ length: times }, () => {
    try {
      attempt();
      return 'taken';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    }
  });
}

const knowing = async (limiter: Limiter): Promise<Limiter> => {
  await limiter.learn(tenant.id);
  return limiter;
};

describe('a refusal', () => {
  it('of a client without sends left takes nothing of the agent from the others', async () => {
    const set = [{ ...nothing, subject: { kind: 'client' as const, id: 'cli_used' }, sendsPerDay: 0 }];
    const limiter = await knowing(newLimiter({ clock, set, defaults: { agent: slow } }));
    const refused = attempts(10, () => limiter.admitSend(used, agent));
    assert.deepEqual([...new Set(refused)], ['limits.quota-used']);
    assert.deepEqual(
      attempts(4, () => limiter.admitSend(other, agent)),
      ['taken', 'taken', 'taken', 'request.rate-limited'],
    );
  });

  it('of a tenant takes nothing from the client that it is told', async () => {
    const rates = { tenant: { perSecond: 1, burst: 3 }, client: slow };
    const limiter = await knowing(newLimiter({ clock, defaults: rates }));
    limiter.admit(used);
    assert.deepEqual(
      attempts(4, () => limiter.admit(other)),
      ['taken', 'taken', 'request.rate-limited', 'request.rate-limited'],
    );
    await clock.advance(1_000);
    assert.deepEqual(
      attempts(1, () => limiter.admit(other)),
      ['taken'],
    );
  });
});

describe('a send', () => {
  const route = {
    ...agent,
    inputModes: [],
    extensions: [],
    priceMicrocredits: 1n,
    instances: [{ instanceId: ids.next('ins'), admission: 'active', weight: 100 }],
    skills: new Map(),
  };
  const [instance] = route.instances;
  const choosing = {
    queueAgeMs: () => null,
    instances: { isSticky: () => false, decide: () => ({ instance, decision: {}, json: '{}', mirrorTo: null }) },
    bulkheads: { assertRoom: () => undefined },
  };
  const caller = { ...other, scopes: new Set(['a2a:send']), access: everything, boundTo: null, requestId: 'req_1' };
  const unavailable = (): never => {
    throw new PlatformError('platform.unavailable');
  };
  const failing: readonly (readonly [string, object])[] = [
    ['while no work can be taken', { nodeId: unavailable }],
    ['that could not be recorded', { nodeId: () => 'nod_1', store: { record: async () => unavailable() } }],
  ];

  for (const [when, parts] of failing) {
    it(`${when} uses no quota`, async () => {
      const set = [{ ...nothing, subject: { kind: 'tenant' as const, id: '' }, sendsPerDay: 1 }];
      const limiter = await knowing(newLimiter({ clock, set }));
      const routes = { resolve: () => route };
      const runs = { holdMessage: async () => null };
      const ports = { clock, ids, limiter, routes, runs, ...choosing, ...parts } as unknown as GatewayPorts;
      const request = { message: { messageId: 'm1', role: 'ROLE_USER' as const, parts: [{ text: 'hello' }] } };
      const address = { tenantSlug: 'acme', agentName: 'echo' };
      for (let i = 0; i < 3; i += 1) {
        const sent = acceptSend(ports, { caller: caller as unknown as Caller, address, request, options: {} });
        await assert.rejects(sent, { code: 'platform.unavailable' });
      }
      assert.deepEqual(
        attempts(2, () => limiter.admitSend(other, agent)),
        ['taken', 'limits.quota-used'],
      );
    });
  }
});
