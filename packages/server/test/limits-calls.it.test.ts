/**
 * Guarantee: who is over a limit is told so in the words of each binding, and how long to wait; nothing is recorded, reserved or used up for
 * it, and nothing that a request says of itself changes a limit (T14).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting, WireAnswer } from './a2a-setting.ts';

/** Header fields by which a caller may claim another address, tenant or quota. */
const claims = {
  'x-quota-override': '1000000',
  'x-ratelimit-limit': '1000000',
  'ratelimit-limit': '1000000',
  'x-forwarded-for': '198.51.100.7',
  'x-tenant-id': 'other',
  'x-real-ip': '198.51.100.8',
};

let setting: A2aSetting;
before(async () => {
  setting = await startA2aSetting({
    env: {
      COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '1',
      COLLOQUY_STRANGER_BURST_REQUESTS: '60',
    },
  });
});
after(() => setting[Symbol.asyncDispose]());

const operator = () => setting.platform.operator.admin.forTenant(setting.tenant.slug);
const send = (headers: Readonly<Record<string, string>> = {}) =>
  setting.rest('POST', '/message:send', say('hello'), { headers: { ...version, ...json, ...headers } });

/** Sends until one is refused; it is read anew within moments that limits have changed. */
async function refusedSend(): Promise<WireAnswer> {
  return eventually('a send is refused', async () => {
    const answer = await send();
    return answer.status === 429 ? answer : undefined;
  });
}

/** A limit of the metrics, as it stands. */
async function refusals(kind: string): Promise<number> {
  const text = await (await fetch(`${setting.platform.opsUrl}/metrics`)).text();
  return Number(new RegExp(`colloquy_limit_refusals_total\\{limit="${kind}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

describe('a send to an agent over its limit', () => {
  before(() => operator().setAgentLimit({ agent: 'worker', body: { requestsPerSecond: 0.001, burstRequests: 2 } }));
  after(() => operator().unsetAgentLimit({ agent: 'worker' }));

  it('is refused with when to come back and which limit it was, and leaves no trace', async () => {
    // Until the share of a new limit is known, a refusal says to ask again in a second.
    const refused = await eventually('a send is refused for long', async () => {
      const answer = await refusedSend();
      return Number(answer.headers.get('retry-after')) > 60 ? answer : undefined;
    });
    assert.equal(refused.headers.get('ratelimit-policy'), '"agent";q=2;w=2000');
    const seconds = refused.headers.get('retry-after') ?? '';
    assert.equal(refused.headers.get('ratelimit'), `"agent";r=0;t=${seconds}`);
    assert.match(refused.text, /request\.rate-limited/);
    const before = await setting.everyRow();
    const heard = setting.agent.heard.length;
    const counted = await refusals('agent');
    for (let i = 0; i < 5; i += 1) assert.equal((await send(claims)).status, 429, 'no field changes a limit');
    const called = await setting.rpc('SendMessage', say('hello'), { headers: version });
    assert.equal(called.status, 429);
    assert.match(called.text, /"reason":"request\.rate-limited"/);
    assert.match(called.text, /retryDelay/);
    assert.equal(await setting.everyRow(), before);
    assert.equal(setting.agent.heard.length, heard);
    assert.equal(await refusals('agent'), counted + 6);
  });

  it('uses up no idempotency key: the same request is taken when there is room', async () => {
    await refusedSend();
    const headers = { ...version, ...json, 'idempotency-key': randomUUID() };
    const message = say('once');
    assert.equal((await setting.rest('POST', '/message:send', message, { headers })).status, 429);
    await operator().unsetAgentLimit({ agent: 'worker' });
    const taken = await eventually('it is taken', async () => {
      const answer = await setting.rest('POST', '/message:send', message, { headers });
      return answer.status === 200 ? answer : undefined;
    });
    assert.doesNotMatch(taken.text, /idempotency/);
    await operator().setAgentLimit({ agent: 'worker', body: { requestsPerSecond: 0.001, burstRequests: 2 } });
  });
});

describe('a tenant over its quota', () => {
  it('is told until when, and may still read', async () => {
    await operator().setTenantLimit({ body: { sendsPerMonth: 0 } });
    const refused = await refusedSend();
    assert.match(refused.text, /limits\.quota-used/);
    assert.match(refused.headers.get('ratelimit-policy') ?? '', /^"tenant-month";q=0;w=\d+$/);
    assert.equal((await setting.rest('GET', '/tasks', undefined, { headers: version })).status, 200);
    await operator().unsetTenantLimit();
    await eventually('sends are taken again', async () => (await send()).status === 200);
  });
});

describe('an unauthenticated client', () => {
  it('is limited by the network that it comes from, whatever it claims, and limits no authenticated client', async () => {
    // One comes back to the bucket every second, so a slow machine asks once more.
    const untilRefused = (what: string, ask: () => Promise<WireAnswer>): Promise<WireAnswer> =>
      eventually(what, async () => {
        const answer = await ask();
        return answer.status === 429 ? answer : undefined;
      });
    let asked = 0;
    const statuses = new Set<number>();
    await untilRefused('an unauthenticated client is refused', async () => {
      const headers = { ...json, 'x-forwarded-for': `198.51.100.${String((asked += 1) % 256)}` };
      const answer = await setting.call(setting.path, { method: 'POST', token: null, headers, body: '{}' });
      statuses.add(answer.status);
      return answer;
    });
    assert.deepEqual([...statuses], [401, 429]);
    const forged = await untilRefused('a forged token is refused by its address', () =>
      setting.call(setting.path, { method: 'POST', token: 'nonsense', headers: json, body: '{}' }),
    );
    assert.match(forged.headers.get('ratelimit-policy') ?? '', /^"address";q=60;w=60$/);
    const token = await untilRefused('the token endpoint refuses as well', () =>
      setting.call('/oauth/token', { method: 'POST', token: null, body: 'grant_type=x' }),
    );
    assert.deepEqual([token.status, token.json], [429, { error: 'slow_down' }]);
    assert.ok(Number(token.headers.get('retry-after')) >= 1);
    const before = await setting.everyRow();
    for (const path of ['/oauth/authorize?client_id=x', '/oauth/sign-out', '/.well-known/jwks.json'])
      await untilRefused(`${path}, which checks no credential, refuses too`, () =>
        setting.call(path, { token: 'nonsense' }),
      );
    assert.equal(await setting.everyRow(), before);
    assert.equal((await setting.call('/health', { token: null })).status, 200, 'health needs no credential');
    assert.equal((await setting.rest('GET', '/tasks', undefined, { headers: version })).status, 200);
  });
});
