/**
 * Guarantee: a tenant names the receivers of its events within bounds and the egress rules, tests them, rotates their secrets and replays what they
 * could not be given; each change is audited, and another tenant sees nothing of them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';
import { AdminWalker, itemsOf } from './admin-walker.ts';
import { isSigned, startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

describe('event sinks', () => {
  let setting: AdminSetting;
  let receiver: WebhookReceiver;
  let tenant: Actor;
  let walker: AdminWalker;

  before(async () => {
    setting = await startAdminSetting();
    receiver = await startReceiver();
    tenant = await setting.newTenant();
    walker = new AdminWalker(setting, tenant);
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  const use: AdminWalker['use'] = (...call) => walker.use(...call);
  const billing = { sink: 'billing' };
  const bodyOf = (path: string, ...types: readonly string[]) => ({ url: receiver.url + path, types });

  it('are set, listed, read and removed by name, and each change is audited', async () => {
    await use('setEventSink', billing, bodyOf('/first', '*'));
    const set = await use('setEventSink', billing, bodyOf('/hook', 'dev.colloquy.usage.*', 'dev.colloquy.credits.*'));
    assert.deepEqual(set['types'], ['dev.colloquy.credits.*', 'dev.colloquy.usage.*']);
    assert.deepEqual([set['url'], set['backlog'], set['deadLetters']], [`${receiver.url}/hook`, 0, 0]);
    assert.deepEqual(await use('getEventSink', billing), set);
    assert.deepEqual(itemsOf(await use('listEventSinks', {})), [set]);
    await use('unsetEventSink', billing);
    assert.deepEqual(itemsOf(await use('listEventSinks', {})), []);
    const entries = itemsOf(await use('listAuditEntries', {}));
    const own = entries.filter(({ resource }) => resource === 'event-sinks/billing');
    const actions = ['event-sink.set', 'event-sink.set', 'event-sink.unset'];
    assert.deepEqual(own.map(({ action }) => String(action)).sort(), actions);
  });

  it('show how a receiver answered a signed test event, whatever types they are set for', async () => {
    await use('setEventSink', billing, bodyOf('/test', 'dev.colloquy.usage.*'));
    const { signingSecret } = await use('showEventSinkSecret', billing);
    assert.deepEqual(await use('testEventSink', billing), { isDelivered: true, status: 200 });
    receiver.answer = () => 503;
    assert.deepEqual(await use('testEventSink', billing), { isDelivered: false, status: 503, reason: 'http-status' });
    receiver.answer = () => 200;
    const [call] = receiver.at('/test');
    assert.ok(call !== undefined && isSigned(call, String(signingSecret)));
    const event = JSON.parse(call.body) as Record<string, unknown>;
    assert.equal(event['type'], 'dev.colloquy.event-sink.test.v1');
    assert.equal(event['id'], call.headers['webhook-id']);
    assert.deepEqual(event['data'], { sink: 'billing' });
    assert.match(String(event['source']), new RegExp(`/api/v1/tenants/${tenant.slug}$`));
  });

  it('sign with both secrets while a receiver learns the new one, and with the new one alone after a leak', async () => {
    await use('setEventSink', billing, bodyOf('/rotated', '*'));
    const former = String((await use('showEventSinkSecret', billing))['signingSecret']);
    const next = String((await use('rotateEventSinkSecret', billing, {}))['signingSecret']);
    await use('testEventSink', billing);
    const last = String((await use('rotateEventSinkSecret', billing, { overlapMs: 0 }))['signingSecret']);
    await use('testEventSink', billing);
    const [during, afterwards] = receiver.at('/rotated');
    assert.ok(during !== undefined && afterwards !== undefined);
    assert.deepEqual([isSigned(during, former), isSigned(during, next)], [true, true]);
    const valid = [former, next, last].map((secret) => isSigned(afterwards, secret));
    assert.deepEqual(valid, [false, false, true]);
  });

  it('list and replay the events that they could not be given', async () => {
    await use('setEventSink', billing, bodyOf('/dead', '*'));
    assert.deepEqual(itemsOf(await use('listEventDeadLetters', billing)), []);
    assert.deepEqual(await use('replayEvents', billing), { queued: 0 });
    await setting.registry.rows(
      `insert into colloquy.event_dead_letters
         (tenant_id, sink_name, seq, event_id, type, subject, occurred_at, data, attempts, last_reason)
       select $1, 'billing', n, gen_random_uuid(), 'dev.colloquy.credits.low.v1', 'wallet', now(), '{"n": 1}', 12, 'no-answer'
       from generate_series(1, 3) n`,
      uuidOf(tenant.caller.tenant.id),
    );
    const first = await use('listEventDeadLetters', { ...billing, query: '?limit=2' });
    const rest = await use('listEventDeadLetters', { ...billing, query: `?limit=2&after=${String(first['next'])}` });
    assert.deepEqual([itemsOf(first).length, itemsOf(rest).length, rest['next']], [2, 1, undefined]);
    assert.deepEqual(await use('replayEvents', billing), { queued: 3 });
    const letters = itemsOf(await use('listEventDeadLetters', billing));
    assert.ok(letters.every(({ isReplaying, data }) => isReplaying === true && JSON.stringify(data) === '{"n":1}'));
    await use('unsetEventSink', billing);
  });

  it('are refused for wrong input, private addresses and above the bound, and then nothing is set', async () => {
    const other = await setting.newTenant();
    const token = await other.token();
    const put = async (name: string, json: object) => {
      const answer = await setting.call('PUT', `/tenants/${other.slug}/event-sinks/${name}`, { token, json });
      return [answer.status, answer.body['code']];
    };
    const invalid = [400, 'request.invalid'];
    assert.deepEqual(await put('No_Slug', bodyOf('/x', '*')), invalid);
    assert.deepEqual(await put('x', bodyOf('/x')), invalid);
    assert.deepEqual(await put('x', bodyOf('/x', 'Upper')), invalid);
    assert.deepEqual(await put('x', { ...bodyOf('/x', '*'), more: 1 }), invalid);
    for (const url of ['http://169.254.169.254/latest', 'ftp://a.example/x', 'http://10.0.0.1/x'])
      assert.deepEqual(await put('x', { url, types: ['*'] }), [400, 'egress.refused'], url);
    for (let n = 0; n < limits.eventSinksPerTenantMax; n += 1)
      assert.equal((await put(`sink-${String(n)}`, bodyOf('/x', '*')))[0], 200);
    assert.deepEqual(await put('one-more', bodyOf('/x', '*')), [409, 'events.sink-limit']);
    assert.equal((await put('sink-0', bodyOf('/y', '*')))[0], 200);
  });

  it('are missing when they were removed or belong to another tenant', async () => {
    await use('setEventSink', billing, bodyOf('/own', '*'));
    const other = await setting.newTenant();
    const token = await other.token();
    for (const [method, below] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/replay'],
      ['GET', '/dead-letters'],
      ['GET', '/signing-secret'],
    ] as const) {
      const own = await setting.call(method, `/tenants/${other.slug}/event-sinks/billing${below}`, { token });
      assert.deepEqual([own.status, own.body['code']], [404, 'events.sink-unknown'], below);
      const foreign = await setting.call(method, `/tenants/${tenant.slug}/event-sinks/billing${below}`, { token });
      assert.deepEqual([foreign.status, foreign.body['code']], [404, 'tenancy.tenant-unknown'], below);
    }
    assert.equal(receiver.at('/own').length, 0);
    assert.equal(itemsOf(await use('listEventSinks', {})).length, 1);
  });
});
