/**
 * Guarantee: a call of the admin client is the HTTP request that the OpenAPI document describes, is repeated only when that can not do
 * something twice, and gives back the answer or a ColloquyError; an argument never reaches another address than its operation's.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, items, pages } from '@colloquy/sdk/client';
import type { AdminClient } from '@colloquy/sdk/client';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

type Answer = Response | Error;

/** A client whose requests get `answers`, one after the other. */
function clientOf(...answers: readonly Answer[]): { readonly admin: AdminClient; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const left = [...answers];
  const { admin } = createClient({
    baseUrl: 'https://colloquy.example/',
    tenant: 'acme',
    token: 'secret',
    backoff: { random: () => 0, pause: () => Promise.resolve() },
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      sent.push({ method: request.method, path: pathname + search, headers: request.headers, body });
      const answer = left.shift() ?? new Error('no answer is left');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { admin, sent };
}

const json = (value: unknown, status = 200): Response => Response.json(value, { status });
async function allOf<Item>(source: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const nothing = (): Response => new Response(null, { status: 204 });
const lost = new TypeError('fetch failed');
const problem = (status: number, code: string): Response => json({ code, detail: 'no', requestId: 'req_1' }, status);

describe('a call of the admin client', () => {
  it('puts each argument where it belongs, and leaves out what is undefined', async () => {
    const { admin, sent } = clientOf(json({ taskMs: 5 }), json({ items: [] }), nothing());
    const set = await admin.setResiliencePolicy({
      agent: 'a b',
      skill: 'x/y',
      body: { taskMs: 5, fallback: undefined },
    });
    assert.deepEqual(set, { taskMs: 5 });
    await admin.listAgents({ limit: 2, after: undefined });
    assert.equal(await admin.unsetTenantLimit(), undefined);
    assert.deepEqual(
      sent.map(({ method, path, body }) => [method, path, body]),
      [
        ['PUT', '/api/v1/tenants/acme/agents/a%20b/resilience?skill=x%2Fy', { taskMs: 5 }],
        ['GET', '/api/v1/tenants/acme/agents?limit=2', undefined],
        ['DELETE', '/api/v1/tenants/acme/limit', undefined],
      ],
    );
    assert.deepEqual(
      sent.map(({ headers }) => [headers.get('authorization'), headers.get('content-type')]),
      [
        ['Bearer secret', 'application/json'],
        ['Bearer secret', null],
        ['Bearer secret', null],
      ],
    );
  });

  it('acts on the tenant that it is given, else on that of forTenant, else on its own', async () => {
    const { admin, sent } = clientOf(json({}), json({}), json({}), json({ items: [] }));
    await admin.readBalance();
    await admin.forTenant('beta').readBalance({ tenant: undefined });
    await admin.forTenant('beta').readBalance({ tenant: 'gamma' });
    await admin.listTenants();
    const paths = sent.map(({ path }) => path);
    const balances = ['acme', 'beta', 'gamma'].map((slug) => `/api/v1/tenants/${slug}/credits`);
    assert.deepEqual(paths, [...balances, '/api/v1/tenants']);
  });

  it('asks for CSV where an operation has it, again when the answer is lost, and takes nothing else for it', async () => {
    const csv = new Response('a,b\r\n', { headers: { 'content-type': 'text/csv; charset=utf-8' } });
    const { admin, sent } = clientOf(lost, csv, problem(404, 'tenancy.tenant-unknown'), json({}));
    assert.equal(await admin.csv('readUsage', { groupBy: 'agent' }), 'a,b\r\n');
    await assert.rejects(admin.forTenant('beta').csv('readShowback', { month: '2026-11' }), {
      code: 'tenancy.tenant-unknown',
    });
    await assert.rejects(admin.csv('readUsage', {}), { code: 'sdk.invalid-answer' });
    assert.deepEqual(
      sent.map(({ path, headers }) => [path, headers.get('accept')]),
      [
        ['/api/v1/tenants/acme/usage?groupBy=agent', 'text/csv'],
        ['/api/v1/tenants/acme/usage?groupBy=agent', 'text/csv'],
        ['/api/v1/tenants/beta/usage/showback/2026-11', 'text/csv'],
        ['/api/v1/tenants/acme/usage', 'text/csv'],
      ],
    );
  });

  it('repeats what changes nothing more the second time, with the same body', async () => {
    const answers = [lost, json({}), lost, nothing(), lost, json({ balance: {} }), lost, json({}), lost, json({})];
    const { admin, sent } = clientOf(...answers);
    await admin.getAgent({ agent: 'x' });
    await admin.deregisterAgent({ agent: 'x' });
    await admin.grantCredits({ body: { amountMicrocredits: 5 } });
    await admin.callSkill({ agent: 'x', skill: 'y', body: { inputs: {} }, idempotencyKey: 'once' });
    await admin.quote({ agent: 'x', body: { inputs: {} } });
    assert.equal(sent.length, 10);
    const [first, second] = [sent[4]?.body, sent[5]?.body];
    assert.deepEqual(first, second);
    assert.match(JSON.stringify(first), /"grantId":"[0-9a-f-]{36}"/);
    assert.deepEqual(
      [sent[6]?.headers.get('idempotency-key'), sent[7]?.headers.get('idempotency-key')],
      ['once', 'once'],
    );
  });

  it('tells of a lost answer where a second request may do it twice', async () => {
    const { admin, sent } = clientOf(lost, lost);
    const body = { name: 'x', cardUrl: 'https://agent.example/card' };
    await assert.rejects(admin.registerAgent({ body }), { code: 'sdk.unreachable' });
    await assert.rejects(admin.callSkill({ agent: 'x', skill: 'y', body: { inputs: {} } }), {
      code: 'sdk.unreachable',
    });
    assert.equal(sent.length, 2);
  });

  it('keeps the grant id that it was given', async () => {
    const { admin, sent } = clientOf(json({ balance: {} }));
    const grantId = '00000000-0000-4000-8000-000000000001';
    await admin.grantCredits({ body: { amountMicrocredits: 5, grantId } });
    assert.deepEqual(sent[0]?.body, { grantId, amountMicrocredits: 5 });
  });

  it('makes one grant id for a call and its repeats when it is given none, or undefined', async () => {
    const { admin, sent } = clientOf(lost, json({ balance: {} }));
    await admin.grantCredits({ body: { amountMicrocredits: 5, grantId: undefined } });
    assert.deepEqual(sent[0]?.body, sent[1]?.body);
    assert.match(JSON.stringify(sent[1]?.body), /"grantId":"[0-9a-f-]{36}"/);
  });

  it('throws the platform’s refusal, and refuses an answer that is no JSON object', async () => {
    const { admin } = clientOf(problem(404, 'registry.agent-unknown'), new Response('<html>', { status: 200 }));
    await assert.rejects(admin.getAgent({ agent: 'x' }), {
      code: 'registry.agent-unknown',
      kind: 'not-found',
      requestId: 'req_1',
    });
    await assert.rejects(admin.getAgent({ agent: 'x' }), { code: 'sdk.invalid-answer' });
  });

  it('sends nothing for a name that a URL would take for a step, or without an argument of its path', async () => {
    const { admin, sent } = clientOf();
    for (const agent of ['.', '..'])
      await assert.rejects(admin.unsetAgentLimit({ agent }), { code: 'request.invalid' });
    await assert.rejects(admin.getAgent({} as { agent: string }), TypeError);
    assert.deepEqual(sent, []);
  });

  it('ends with its signal', async () => {
    const { admin, sent } = clientOf(lost, lost);
    const reason = new Error('enough');
    await assert.rejects(admin.listAgents({ signal: AbortSignal.abort(reason) }), reason);
    assert.equal(sent.length <= 1, true);
  });
});

describe('lists and streams', () => {
  const page = (names: readonly string[], next?: string): Response => json({ items: names, ...(next && { next }) });

  it('reads pages until the last one, each when it is wanted', async () => {
    const { admin, sent } = clientOf(page(['a', 'b'], 'b'), page(['c']), page(['a'], 'a'), page(['b'], 'b'));
    const all = await allOf(items(admin.listInstances, { agent: 'x', limit: 2 }));
    assert.deepEqual(all, ['a', 'b', 'c']);
    for await (const { next } of pages(admin.listAgents, { limit: 1 })) if (next === 'b') break;
    assert.deepEqual(
      sent.map(({ path }) => path.slice('/api/v1/tenants/acme/agents'.length)),
      ['/x/instances?limit=2', '/x/instances?limit=2&after=b', '?limit=1', '?limit=1&after=a'],
    );
  });

  it('gives out the events of a stream with their ids, after the one that is known', async () => {
    const text = 'id: 3\ndata: {"taskId":"t","status":"working"}\n\ndata: {"taskId":"t","status":"completed"}\n\n';
    const { admin, sent } = clientOf(lost, new Response(text, { headers: { 'content-type': 'text/event-stream' } }));
    const events = await allOf(admin.followTask({ task: 't', lastEventId: '2' }));
    assert.deepEqual(
      events.map(({ id, data }) => [id, data.status]),
      [
        ['3', 'working'],
        ['3', 'completed'],
      ],
    );
    const [, { path, headers } = { path: '', headers: new Headers() }] = sent;
    assert.equal(path, '/api/v1/tasks/t/events');
    assert.deepEqual([headers.get('accept'), headers.get('last-event-id')], ['text/event-stream', '2']);
  });

  it('throws the refusal of a stream', async () => {
    const { admin } = clientOf(problem(404, 'task.unknown'));
    await assert.rejects(allOf(admin.followTask({ task: 't' })), { code: 'task.unknown' });
  });
});
