/** Guarantee: limits that are set by command hold, are seen as they were set, and hold no more when they are taken back (T14, T24). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

describe('limits', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let operator: Shell;
  let acme: Shell;
  const heard: string[] = [];

  before(async () => {
    setting = await startCommandSetting();
    ({ operator, acme } = setting);
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: (message, task) => {
        heard.push(text(message));
        return task.complete(text(message));
      },
    });
    await acme.told('agent', 'register', 'echo', agent.url);
  });
  after(async () => {
    await agent.close({ graceMs: 0 });
    await setting[Symbol.asyncDispose]();
  });

  const listed = (): Promise<readonly Record<string, unknown>[]> => acme.value('limit', 'list');
  /** Limits are read anew within moments. */
  const untilSent = (status: number): Promise<unknown> =>
    eventually(
      `a message ends with ${status}`,
      async () => (await acme.run('send', 'echo', 'hello')).status === status,
    );
  /** A message is refused for this reason, and the agent does not hear it. */
  async function refusedFor(code: string): Promise<void> {
    await untilSent(8);
    const count = heard.length;
    assert.equal((await acme.refused(8, 'send', 'echo', 'beyond the limit')).code, code);
    assert.equal(heard.length, count);
    assert.ok(!heard.includes('beyond the limit'));
  }

  it('of an agent hold until they are taken back', async () => {
    assert.equal(await acme.told('limit', 'list'), 'No limits are set.\n');
    const said = await acme.told('limit', 'set', 'agent', 'echo', '--rate', '0.001', '--burst', '2');
    assert.equal(said, 'Set the limit of agent echo.\n');
    const table = await acme.told('limit', 'list');
    assert.match(table, /^FOR +RATE +BURST +PER DAY +PER MONTH\nagent echo +0\.001 +2 +- +-\n$/);
    await refusedFor('request.rate-limited');
    assert.equal(await acme.told('limit', 'unset', 'agent', 'echo'), 'Removed the limit of agent echo.\n');
    await untilSent(0);
    assert.deepEqual(await listed(), []);
  });

  it('of a tenant are set by operators, and hold for all of its clients', async () => {
    const at = ['--tenant', 'acme'];
    const set = await operator.value<object>('limit', 'set', 'tenant', '--per-month', '1', ...at);
    assert.deepEqual(set, { kind: 'tenant', sendsPerMonth: 1 });
    await refusedFor('limits.quota-used');
    const { said } = await acme.refused(8, 'send', 'echo', 'beyond the limit');
    assert.match(said, /quota of sends is used up/);
    assert.equal((await acme.refused(4, 'limit', 'unset', 'tenant')).code, 'access.scope-missing');
    assert.deepEqual(
      (await listed()).map(({ subject, sendsPerMonth }) => [subject, sendsPerMonth]),
      [['tenant', 1]],
    );
    const unset = await operator.value<object>('limit', 'unset', 'tenant', ...at);
    assert.deepEqual(unset, { kind: 'tenant', unset: true });
    await untilSent(0);
  });

  it('of a client are replaced as a whole, and are never more than its tenant has', async () => {
    const client = ['client', acme.clientId];
    await operator.told('limit', 'set', 'tenant', '--rate', '500', '--tenant', 'acme');
    await acme.told('limit', 'set', ...client, '--rate', '50', '--burst', '100');
    await acme.told('limit', 'set', ...client, '--per-day', '1000');
    assert.match(await acme.told('limit', 'list'), new RegExp(`^client ${acme.clientId} +- +- +1000 +-$`, 'm'));
    const { said } = await acme.refused(3, 'limit', 'set', ...client, '--rate', '501');
    assert.match(said, /^ {2}requestsPerSecond: /m);
    assert.deepEqual(
      (await listed()).map(({ subject, sendsPerDay, requestsPerSecond }) => [subject, sendsPerDay, requestsPerSecond]),
      [
        ['client', 1000, undefined],
        ['tenant', undefined, 500],
      ],
    );
    await acme.told('limit', 'unset', ...client);
    await operator.told('limit', 'unset', 'tenant', '--tenant', 'acme');
    assert.deepEqual(await listed(), []);
  });

  it('that make no sense are refused, and nothing is set', async () => {
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "tenant\|client\|agent"/, 'set'],
      [2, /No limit was given/, 'set', 'agent', 'echo'],
      [2, /--rate must be a number/, 'set', 'agent', 'echo', '--rate', 'fast'],
      [2, /--burst must be a number/, 'set', 'agent', 'echo', '--burst', '1e3'],
      [2, /applies to the tenant, a client or an agent/, 'set', 'agent', '--burst', '1'],
      [2, /applies to the tenant, a client or an agent/, 'set', 'tenant', 'acme', '--burst', '1'],
      [2, /Allowed choices are tenant, client, agent/, 'unset', 'planet', 'earth'],
      [3, /^ {2}burstRequests: /m, 'set', 'agent', 'echo', '--burst', '0'],
      [3, /^ {2}sendsPerDay: /m, 'set', 'agent', 'echo', '--per-day', '1.5'],
      [5, /no such agent/, 'set', 'agent', 'missing', '--burst', '1'],
      [5, /no such client/, 'set', 'client', `cli_${'0'.repeat(32)}`, '--burst', '1'],
      [5, /No limit is set there/, 'unset', 'agent', 'echo'],
      [4, /scope/, 'set', 'tenant', '--per-day', '1000000'],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'limit', ...argv)).said, says, argv.join(' '));
    const weak = await setting.newClient('weak', 'a2a:read');
    assert.equal((await weak.refused(4, 'limit', 'set', 'agent', 'echo', '--burst', '1')).code, 'access.scope-missing');
    assert.deepEqual(await listed(), []);
    assert.match(await acme.told('send', 'echo', 'still'), /^still\ncompleted/);
  });

  it('of the depth of chains hold for the next message', async () => {
    const { platform, tenant } = setting;
    const refusals: string[] = [];
    const client: ColloquyClient = createClient({
      baseUrl: platform.url,
      tenant: tenant.slug,
      token: await tenant.client.token(),
    });
    await using chain = new AsyncDisposableStack();
    for (const [name, next] of [
      ['first', 'second'],
      ['second', 'third'],
      ['third', 'echo'],
    ] as const) {
      const hop = await serveAgent({
        card: { name, description: 'Sends on.', skills: [] },
        handle: async (_message, task) => {
          await client
            .agent(next)
            .send(name)
            .catch((error: unknown) => refusals.push(error instanceof ColloquyError ? error.code : String(error)));
          await task.complete('Done.');
        },
      });
      chain.defer(() => hop.close());
      await acme.told('agent', 'register', name, hop.url);
    }
    const atMost = (hops: number) => `Delegation chains have at most ${hops} hops below their first task.\n`;
    assert.equal(await acme.told('delegation', 'depth'), atMost(4));
    await acme.told('send', 'first', 'go');
    assert.deepEqual([refusals, heard.at(-1)], [[], 'third']);

    assert.equal(await acme.told('delegation', 'depth', '--max', '2'), atMost(2));
    assert.deepEqual(await acme.value('delegation', 'depth'), { depthMax: 2 });
    const count = heard.length;
    await acme.told('send', 'first', 'go');
    assert.deepEqual([refusals, heard.length], [['delegation.too-deep'], count]);

    for (const hops of ['0', '5', '1.5', 'deep'])
      assert.match((await acme.refused(2, 'delegation', 'depth', '--max', hops)).said, /whole number from 1 to 4/);
    const reader = await setting.newClient('reader', 'a2a:read');
    assert.equal((await reader.refused(4, 'delegation', 'depth', '--max', '4')).code, 'access.scope-missing');
    assert.equal(await reader.told('delegation', 'depth'), atMost(2));
  });
});
