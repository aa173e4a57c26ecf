/** Guarantee: what a tenant's tasks cost is reported on the command line and as CSV, by skill, department and client, and agrees with the wallet. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import type { OperationAnswer } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

interface UsageEvent {
  readonly id: string;
  readonly data: Usage['items'][number];
}

type Usage = OperationAnswer<'readUsage'>;

describe('the commands of usage', () => {
  let setting: CommandSetting;
  let agent: AgentServer;

  before(async () => {
    setting = await startCommandSetting();
    agent = await serveAgent({
      card: {
        name: 'scorer',
        description: 'Scores.',
        skills: [{ id: 'score', name: 'Score', description: 'Scores.', tags: [] }],
      },
      handle: async (message, task) => {
        task.usage({ items: 3, units: { tokens: 500.5, hats: 1 } });
        if (text(message) === 'fail') await task.fail('It went wrong.');
        else await task.complete('Done.');
      },
    });
    const { admin } = setting.tenant.client;
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await admin.registerAgent({ body: { name: 'scorer', cardUrl, priceMicrocredits: 1_500_000 } });
    const profile = { department: '=cmd()', costCenter: 'cc, "1"' };
    await admin.setProfile({ agent: 'scorer', body: { profile } });
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await agent.close();
  });

  it('report by group what ended, in credits, as JSON and as CSV, and show it back by department', async () => {
    const { acme, operator } = setting;
    await operator.told('credits', 'grant', 'acme', '100');
    for (const said of ['one', 'two', 'fail'])
      await setting.tenant.client
        .agent('scorer')
        .send({ parts: [{ text: said }], metadata: { 'urn:colloquy:extension:skill:v1': { id: 'score' } } });
    const query = ['usage', 'report', '--by', 'agent,skill,department,client'];
    const usage = await eventually(
      'the tasks are counted',
      async () => {
        const report = await acme.value<Usage & { groups: Usage['items'] }>(...query);
        return report.total.calls >= 3 && report;
      },
      60_000,
    );
    const sums = { calls: 3, completed: 2, cached: 0, failed: 1, canceled: 0, rejected: 0 };
    const credits = {
      settledMicrocredits: 3_000_000,
      chargedMicrocredits: 0,
      overageMicrocredits: 0,
      usedMicrocredits: 3_000_000,
    };
    const quantities = { items: 0, workedMs: 0, units: {} };
    const clientId = acme.clientId;
    assert.deepEqual(usage.groups, [
      { agent: 'scorer', skill: 'score', department: '=cmd()', clientId, ...sums, ...credits, ...quantities },
    ]);
    assert.deepEqual(usage.total, { ...sums, ...credits, ...quantities });
    const metrics = await (await fetch(`${setting.platform.opsUrl}/metrics`)).text();
    assert.match(metrics, /^colloquy_usage_counted_tasks [1-9]\d*$/m);
    assert.match(metrics, /^colloquy_usage_counted_microcredits 3000000$/m);
    const balance = await acme.value<OperationAnswer<'readBalance'>>('credits', 'balance');
    assert.equal(balance.usedMicrocredits, usage.total.usedMicrocredits);
    assert.match(
      await acme.told('usage', 'report', '--by', 'department,costCenter'),
      /DEPARTMENT +COST CENTER +CALLS.*\n=cmd\(\) +cc, "1" +3 +2 +0 +1 +0 +0 +3\ntotal +3 +2 +0 +1 +0 +0 +3\n$/,
    );
    const sumNames = Object.keys({ ...sums, ...credits, ...quantities }).join(',');
    const sumTexts = [...Object.values({ ...sums, ...credits }), 0, 0, '{}'].join(',');
    // A spreadsheet would run the department.
    assert.equal(
      await acme.told('usage', 'report', '--by', 'costCenter,department', '--csv'),
      `department,costCenter,${sumNames}\r\n'=cmd(),"cc, ""1""",${sumTexts}\r\n`,
    );
    const { csv } = await acme.value<{ csv: string }>('usage', 'report', '--csv');
    assert.equal(csv, `agent,${sumNames}\r\nscorer,${sumTexts}\r\n`);
    const month = new Date().toISOString().slice(0, 7);
    assert.match(
      await acme.told('usage', 'showback', month),
      /^The ledger took 3 credits for tasks in .*\n(?:.*not counted yet\.\n)?DEPARTMENT .*\n=cmd\(\) +100 % +cc, "1" +3 .*\ntotal/,
    );
    assert.equal(
      await acme.told('usage', 'showback', month, '--csv'),
      `month,department,costCenter,${sumNames}\r\n${month},'=cmd(),"cc, ""1""",${sumTexts}\r\n`,
    );
    assert.match(
      await acme.told('usage', 'report', '--from', '2026-01-01', '--to', '2026-01-02'),
      /No tasks ended\.\n$/,
    );
  });

  it('report what tasks took of the units that their price names', async () => {
    const { acme } = setting;
    await acme.told('agent', 'register', 'metered', agent.url);
    await acme.told('price', 'set', 'metered', '--per-unit', 'tokens=0.001');
    for (const said of ['one', 'two', 'fail']) await acme.run('send', 'metered', said);
    const [group] = await eventually(
      'the tasks are counted',
      async () => {
        const { groups } = await acme.value<{ groups: Usage['items'] }>('usage', 'report');
        return groups.some(({ agent: name, calls }) => name === 'metered' && calls === 3) && groups;
      },
      60_000,
    );
    assert.partialDeepStrictEqual(group, { agent: 'metered', completed: 2, items: 6, units: { tokens: 1001 } });
    assert.deepEqual(Object.keys(group?.units ?? {}), ['tokens']);
    assert.equal(group?.usedMicrocredits, 1_001_000);
  });

  it('tell a billing system as CloudEvents what was added, which adds up to the report', async () => {
    const { acme } = setting;
    const events: UsageEvent[] = [];
    const receiver = createServer((request, response) => {
      void json(request).then((event) => {
        events.push(event as UsageEvent);
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/usage`;
    await acme.told('event-sink', 'set', 'billing', url, '--type', 'dev.colloquy.usage.*');
    await acme.told('agent', 'register', 'billed', agent.url, '--price', '0.25');
    for (const said of ['one', 'two', 'three', 'fail']) await acme.run('send', 'billed', said);
    // A delivery may be repeated.
    const told = (): UsageEvent['data'][] =>
      Array.from(new Map(events.map((event) => [event.id, event])).values(), ({ data }) => data).filter(
        ({ agent: name }) => name === 'billed',
      );
    const sumOf = (name: 'calls' | 'completed' | 'usedMicrocredits'): number =>
      told().reduce((sum, data) => sum + data[name], 0);
    await eventually('all tasks are told', () => Promise.resolve(sumOf('calls') >= 4), 60_000);
    assert.deepEqual([sumOf('calls'), sumOf('completed'), sumOf('usedMicrocredits')], [4, 3, 750_000]);
    const [event] = events.filter(({ data }) => data.agent === 'billed');
    assert.partialDeepStrictEqual(event, {
      specversion: '1.0',
      type: 'dev.colloquy.usage.recorded.v1',
      subject: 'agents/billed',
      data: { clientId: acme.clientId },
    });
    await acme.told('event-sink', 'unset', 'billing');
    receiver.closeAllConnections();
    receiver.close();
    await once(receiver, 'close');
  });

  it('answer CSV as a file that is not kept for callers of JSON, and refuse what is wrong or not allowed', async () => {
    const { acme, platform, tenant } = setting;
    const authorization = `Bearer ${await tenant.client.token()}`;
    const csv = await fetch(`${platform.url}/api/v1/tenants/acme/usage?groupBy=agent`, {
      headers: { authorization, accept: 'text/csv' },
    });
    assert.deepEqual(
      ['content-type', 'vary'].map((name) => csv.headers.get(name)),
      ['text/csv; charset=utf-8; header=present', 'Accept'],
    );
    assert.match(
      csv.headers.get('content-disposition') ?? '',
      /^attachment; filename="usage-\d{4}-\d\d-01-to-\d{4}-\d\d-\d\d\.csv"$/,
    );
    assert.match(await csv.text(), /^agent,calls,/);
    const refused = await acme.refused(3, 'usage', 'report', '--by', 'weather');
    assert.equal(refused.code, 'request.invalid');
    assert.equal((await acme.refused(3, 'usage', 'report', '--by', 'weather', '--csv')).code, 'request.invalid');
    assert.equal((await acme.refused(3, 'usage', 'showback', '2026-13')).code, 'request.invalid');
    const reader = await setting.newClient('reader', 'a2a:read');
    assert.equal((await reader.refused(4, 'usage', 'report')).code, 'access.scope-missing');
    assert.equal((await reader.refused(4, 'usage', 'showback', '2026-11')).code, 'access.scope-missing');
  });
});
