/**
 * Guarantee: what is changed at one process is known to a process that hears of nothing once it looks by itself, and at once to the process that
 * made the change. The page about scaling says these times as the code has them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { publicUrl, startClusterDatabase, startSteppingAgent } from './cluster-setting.ts';
import type { ClusterDatabase, SteppingAgent } from './cluster-setting.ts';

/** The clock of one process is stopped, and the process must not count as dead for it. */
const env = {
  COLLOQUY_PUBLIC_URL: publicUrl,
  COLLOQUY_NODE_FENCE_AFTER_MS: '600000',
  COLLOQUY_NODE_DEAD_AFTER_MS: '900000',
};

describe('a process that gets no notification', () => {
  let cluster: ClusterDatabase;
  let agent: SteppingAgent;
  let here: TestPlatform;
  let deaf: TestPlatform;
  let tenant: TestTenant;
  const clock = new FakeClock();

  before(async () => {
    cluster = await startClusterDatabase(true);
    agent = await startSteppingAgent({ idempotent: true });
    here = await startTestPlatform({ database: cluster.database, env });
    deaf = await startTestPlatform({ database: cluster.proxied, clock, env });
    tenant = await here.createTenant('acme');
    await tenant.client.admin.registerAgent({ body: { name: 'worker', cardUrl: agent.cardUrl } });
  });
  after(async () => {
    await here[Symbol.asyncDispose]();
    await deaf[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  async function ask({ url }: TestPlatform, path: string): Promise<{ readonly status: number; readonly text: string }> {
    const authorization = `Bearer ${await tenant.client.token()}`;
    const answer = await fetch(url + path, { headers: { authorization } });
    return { status: answer.status, text: await answer.text() };
  }
  const findsAt = async (platform: TestPlatform, department: string): Promise<boolean> =>
    (await ask(platform, `/api/v1/tenants/acme/agent-search?department=${department}`)).text.includes('"worker"');

  it('shows a changed card that it has shown before, and finds the agent by it, when it looks', async () => {
    const showsAt = async (platform: TestPlatform): Promise<boolean> =>
      (await ask(platform, '/t/acme/agents/worker/.well-known/agent-card.json')).text.includes('"accounts"');
    for (const platform of [here, deaf]) {
      assert.equal(await findsAt(platform, 'accounts'), false);
      // Asked twice, so that it is kept.
      assert.equal(await findsAt(platform, 'accounts'), false);
      assert.equal(await showsAt(platform), false);
    }
    const changed = await fetch(`${here.url}/api/v1/tenants/acme/agents/worker/profile`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await tenant.client.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile: { department: 'accounts' } }),
    });
    assert.ok(changed.ok, await changed.text());
    assert.equal(await findsAt(here, 'accounts'), true, 'at once where it was changed');
    assert.equal(await showsAt(here), true);
    assert.equal(await findsAt(deaf, 'accounts'), false, 'nothing told it, and no time has passed for it');
    assert.equal(await showsAt(deaf), false);
    await clock.advance(Math.max(limits.searchRefreshMs, limits.cardRefreshMs));
    assert.equal(await findsAt(deaf, 'accounts'), true);
    assert.equal(await showsAt(deaf), true);
  });

  it('obeys a new limit when it looks', async () => {
    const statusAtDeaf = async (): Promise<number> =>
      (await ask(deaf, '/t/acme/agents/worker/.well-known/agent-card.json')).status;
    assert.equal(await statusAtDeaf(), 200);
    const admin = here.operator.admin.forTenant('acme');
    await admin.setClientLimit({ client: tenant.clientId, body: { requestsPerSecond: 0.001, burstRequests: 1 } });
    await eventually(
      'it is obeyed where it is heard of',
      async () => (await ask(here, '/api/v1/tenants/acme/agents')).status === 429,
    );
    for (let at = 0; at < 5; at += 1) assert.equal(await statusAtDeaf(), 200);
    await clock.advance(limits.limitsRefreshMs);
    await eventually('it is obeyed', async () => (await statusAtDeaf()) === 429);
  });
});

describe('the page about scaling', () => {
  const page = readFileSync(new URL('../../../docs/operations/scaling.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/([\d,]+) ms[^|`\d]{0,60}\(`(\w+)`\)/g)];
  const bounds: Readonly<Record<string, unknown>> = limits;

  it('tells every time as the code has it', () => {
    assert.ok(told.length >= 18, `${told.length} figures were found`);
    for (const [, figure = '', name = ''] of told) {
      assert.equal(bounds[name], Number(figure.replaceAll(',', '')), name);
    }
  });

  it('names nothing that there is not', () => {
    for (const [, name = ''] of page.matchAll(/\(`(\w+Ms)`\)/g)) assert.ok(name in bounds, name);
  });
});
