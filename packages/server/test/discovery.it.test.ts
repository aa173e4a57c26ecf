/**
 * Guarantee: router agents that know the discovery contract find, register and deregister agents of their own tenant with it, as their
 * rights allow, and a card that lies is refused with a reason and leaves nothing.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { card } from './admin-setting.ts';

describe('the discovery contract', () => {
  let platform: TestPlatform;
  let [tenant, outsider]: TestTenant[] = [];
  let agent: Server;
  let agentUrl: string;
  /** What is at a path of the agent's, beside its card everywhere else. */
  const documents = new Map<string, object | string>();

  before(async () => {
    platform = await startTestPlatform();
    [tenant, outsider] = [await platform.createTenant('acme'), await platform.createTenant('other')];
    agent = createServer(({ url = '' }, response) => {
      const document = documents.get(url) ?? cardAt(agentUrl);
      response.setHeader('content-type', 'application/json');
      response.end(typeof document === 'string' ? document : JSON.stringify(document));
    });
    await new Promise<void>((resolve) => void agent.listen(0, '127.0.0.1', resolve));
    const address = agent.address();
    assert.ok(typeof address === 'object' && address !== null);
    agentUrl = `http://127.0.0.1:${address.port}`;
  });
  after(async () => {
    agent.close();
    await platform[Symbol.asyncDispose]();
  });

  const cardAt = (url: string, more: object = {}): object => ({
    ...card,
    supportedInterfaces: [{ url: `${url}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    ...more,
  });
  const record = (more: object = {}): object => ({
    name: 'sales-agent',
    description: 'Sells',
    version: '1.2.0',
    capabilities: ['lead_qualification', 'quotes'],
    url: agentUrl,
    health_check_url: `${agentUrl}/health`,
    department: 'sales',
    cost_center: 'CC-7',
    sla_tier: 'gold',
    max_concurrent_tasks: 10,
    oauth_scopes: ['acp:agent:sales'],
    ...more,
  });

  async function ask(method: string, path: string, json?: object, who: TestTenant | null = tenant ?? null) {
    const response = await fetch(`${platform.url}/discovery${path}`, {
      method,
      headers: {
        ...(who === null ? {} : { authorization: `Bearer ${await who.client.token()}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? null : (JSON.parse(text) as unknown),
    };
  }

  it('registers an agent and shows it as it was registered, at the address of the platform', async () => {
    const registered = await ask('POST', '/agents/register', record());
    assert.deepEqual([registered.status, registered.body], [200, { status: 'registered', agent: 'sales-agent' }]);
    const { body } = await ask('GET', '/agents/sales-agent');
    const shown = {
      ...record(),
      url: `${platform.url}/t/acme/agents/sales-agent/`,
      health_check_url: `${platform.url}/discovery/health?agent=sales-agent`,
    };
    assert.deepEqual(body, shown);
    assert.deepEqual((await ask('GET', '/agents')).body, [shown]);
    assert.deepEqual((await ask('GET', '/agents/by-capability/lead_qualification')).body, [shown]);
    assert.deepEqual((await ask('GET', '/agents/by-capability/nothing')).body, []);
    assert.deepEqual((await ask('GET', '/health')).body, { 'sales-agent': { status: 'unknown' } });
    assert.doesNotMatch(JSON.stringify(body), new RegExp(agentUrl));
    const again = await ask('POST', '/agents/register', record({ sla_tier: 'bronze', capabilities: ['quotes'] }));
    assert.equal(again.status, 200, again.text);
    const changed = (await ask('GET', '/agents/sales-agent')).body as Record<string, unknown>;
    assert.deepEqual([changed['sla_tier'], changed['capabilities']], ['bronze', ['quotes']]);
  });

  it('says the same of its answers, however long, as the admin API does of its own', async () => {
    const description = 'ü'.repeat(5_000);
    assert.equal((await ask('POST', '/agents/register', record({ name: 'talker', description }))).status, 200);
    const authorization = `Bearer ${(await tenant?.client.token()) ?? ''}`;
    const types = new Set<string | null>();
    for (const path of ['/discovery', '/api/v1/tenants/acme']) {
      for (const name of ['sales-agent', 'talker']) {
        const answer = await fetch(`${platform.url}${path}/agents/${name}`, { headers: { authorization } });
        types.add(answer.headers.get('content-type'));
        const shown = (await answer.json()) as { description: string };
        assert.equal(shown.description, name === 'talker' ? description : 'Sells');
      }
    }
    assert.deepEqual([...types], ['application/json; charset=utf-8']);
    assert.equal((await ask('DELETE', '/agents/talker')).status, 200);
  });

  it('answers nothing again that its reader has', async () => {
    const { headers } = await ask('GET', '/agents');
    const etag = headers.get('etag') ?? assert.fail();
    const authorization = `Bearer ${(await tenant?.client.token()) ?? ''}`;
    const again = await fetch(`${platform.url}/discovery/agents`, {
      headers: { authorization, 'if-none-match': etag },
    });
    assert.deepEqual([again.status, await again.text()], [304, '']);
  });

  it('answers no client without a token, and shows no tenant another one’s agents', async () => {
    for (const [method, path] of [
      ['GET', '/agents'],
      ['GET', '/agents/sales-agent'],
      ['GET', '/agents/by-capability/quotes'],
      ['POST', '/agents/register'],
      ['DELETE', '/agents/sales-agent'],
      ['GET', '/health'],
    ] as const) {
      assert.equal((await ask(method, path, undefined, null)).status, 401, path);
    }
    assert.deepEqual((await ask('GET', '/agents', undefined, outsider)).body, []);
    assert.deepEqual((await ask('GET', '/health', undefined, outsider)).body, {});
    assert.equal((await ask('GET', '/agents/sales-agent', undefined, outsider)).status, 404);
    assert.equal((await ask('DELETE', '/agents/sales-agent', undefined, outsider)).status, 200);
    assert.equal((await ask('GET', '/agents/sales-agent')).status, 200);
  });

  it('refuses a card that lies, and keeps nothing of it', async () => {
    const many = (count: number): object[] =>
      Array.from({ length: count }, (_, at) => ({ id: `s${at}`, name: 's', description: '', tags: [] }));
    documents.set('/none', '{"name":');
    documents.set('/long', cardAt(agentUrl, { description: 'x'.repeat(10_000_000) }));
    documents.set('/elsewhere', cardAt('https://elsewhere.example'));
    documents.set('/many', cardAt(agentUrl, { skills: many(10_000) }));
    const lies: readonly [string, object, string][] = [
      ['nothing listens there', { url: 'http://127.0.0.1:1' }, 'registry.card-unreachable'],
      ['it is no card', { url: `${agentUrl}/none` }, 'registry.card-unreachable'],
      ['it is ten megabytes', { url: `${agentUrl}/long` }, 'registry.card-unreachable'],
      ['it has ten thousand skills', { url: `${agentUrl}/many` }, 'registry.card-unreachable'],
      ['it can too much', { capabilities: many(501).map((_, at) => `s${at}`) }, 'request.invalid'],
      ['its agent is elsewhere', { url: `${agentUrl}/elsewhere` }, 'registry.card-invalid'],
      ['its health is elsewhere', { health_check_url: 'https://elsewhere.example/' }, 'registry.card-invalid'],
      ['its tier is no tier', { sla_tier: 'platinum' }, 'request.invalid'],
      ['its name is no name', { name: 'Sales Agent' }, 'request.invalid'],
      ['it takes no task', { max_concurrent_tasks: 0 }, 'request.invalid'],
      ['it says nothing', { name: undefined, url: undefined }, 'request.invalid'],
    ];
    // All at once: a card that cannot be read is reported late, whatever the reason is.
    const refusals = lies.map(async ([lie, more, code]) => {
      const refused = await ask('POST', '/agents/register', record({ name: 'liar', ...more }));
      assert.equal((refused.body as { code?: string }).code, code, `${lie}: ${refused.text.slice(0, 300)}`);
      assert.equal(refused.status, code === 'registry.card-unreachable' ? 422 : 400, lie);
    });
    await Promise.all(refusals);
    const huge = await ask('POST', '/agents/register', record({ name: 'liar', description: 'x'.repeat(10_000_000) }));
    assert.equal(huge.status, 413);
    assert.equal((await ask('GET', '/agents/liar')).status, 404);
  });

  it('deregisters, as often as it is asked', async () => {
    const gone = { status: 'deregistered', agent: 'sales-agent' };
    for (const _ of [1, 2]) assert.deepEqual((await ask('DELETE', '/agents/sales-agent')).body, gone);
    assert.equal((await ask('GET', '/agents/sales-agent')).status, 404);
    assert.deepEqual((await ask('GET', '/agents')).body, []);
  });
});
