/** Guarantee: an operator opens a private address to one tenant by command, and to no other, and closes it again (T16). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually } from '@colloquy/testkit';
import { shellAt, startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

const range = '127.0.0.0/8';

describe('private addresses', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let operator: Shell;
  let acme: Shell;
  let globex: Shell;
  const heard: string[] = [];

  before(async () => {
    // All tenants may call only an address that no agent has.
    setting = await startCommandSetting({ env: { COLLOQUY_EGRESS_ALLOWED_RANGES: '192.0.2.1/32' } });
    ({ operator, acme } = setting);
    globex = shellAt(setting.platform.url, await setting.platform.createTenant('globex'));
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: (message, task) => {
        heard.push(text(message));
        return task.complete(text(message));
      },
    });
  });
  after(async () => {
    await agent.close({ graceMs: 0 });
    await setting[Symbol.asyncDispose]();
  });

  const at = ['--tenant', 'acme'];
  const register = (shell: Shell) => shell.run('agent', 'register', 'echo', agent.url);

  it('are closed until one is opened to the tenant, and closed again afterwards', async () => {
    assert.equal(await operator.told('egress', 'list', ...at), 'The tenant may call no private address.\n');
    const { code, said } = await acme.refused(3, 'agent', 'register', 'echo', agent.url);
    assert.equal(code, 'egress.refused');
    assert.match(said, /what to do: An operator can allow the address with "colloquy egress allow \S+ --tenant acme"/);
    assert.ok(said.includes(`egress allow ${new URL(agent.url).hostname} `), said);

    const opened = await operator.told('egress', 'allow', range, ...at);
    assert.equal(opened, `Allowed ${range} for the tenant. This applies everywhere within 5 seconds.\n`);
    await eventually('the agent is registered', async () => (await register(acme)).status === 0, 15_000);
    assert.match(await acme.told('send', 'echo', 'open'), /^open\ncompleted/);
    const own = await acme.refused(3, 'agent', 'register', 'itself', setting.platform.url);
    assert.match(own.said, /^error: This is an address of the platform itself, which it does not call\./);
    assert.doesNotMatch(own.said, /egress allow/, 'no allowance would help');
    const ofDatabase = await acme.refused(3, 'agent', 'register', 'database', 'http://127.0.0.1:5432');
    assert.match(ofDatabase.said, /^error: The platform calls no agent or receiver at this port\./);
    assert.match(ofDatabase.said, /what to do: Use another port\. .* COLLOQUY_EGRESS_ALLOWED_PORTS /);
    assert.doesNotMatch(ofDatabase.said, /egress allow/, 'no allowance would help here either');
    const again = await acme.refused(6, 'agent', 'register', 'echo', agent.url);
    assert.equal(again.code, 'registry.agent-exists');
    assert.match(again.said, /what to do: Choose another name\. "colloquy agent update <name>" fetches the card/);
    const listed = await operator.told('egress', 'list', ...at);
    assert.match(
      listed,
      new RegExp(`^TARGET +KIND +ALLOWED BY +SINCE\n${range} +range +${operator.clientId} +\\d{4}-`),
    );
    assert.equal((await register(globex)).status, 3, 'it is open to no other tenant');
    assert.deepEqual(await operator.value('egress', 'list', '--tenant', 'globex'), []);

    assert.deepEqual(await operator.value('egress', 'remove', range, ...at), { target: range });
    await eventually('it is closed', async () => (await acme.run('send', 'echo', 'probe')).status !== 0, 15_000);
    const count = heard.length;
    assert.notEqual((await acme.run('send', 'echo', 'closed')).status, 0);
    assert.equal(heard.length, count);
    assert.ok(!heard.includes('closed'));
  });

  it('that are none, or that a tenant would open to itself, stay closed', async () => {
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "target"/, 'allow', ...at],
      [3, /^ {2}target: must be a range such as/m, 'allow', '10.0.0.0/99', ...at],
      [3, /^ {2}target: /m, 'allow', 'http://agents.internal', ...at],
      [5, /no such tenant/, 'allow', range, '--tenant', 'missing'],
      [2, /Missing required argument "target"/, 'remove', ...at],
      [5, /not allowed for the tenant/, 'remove', '10.0.0.0/8', ...at],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await operator.refused(status, 'egress', ...argv)).said, says, argv.join(' '));
    for (const argv of [['list'], ['allow', range], ['remove', range]])
      assert.equal((await acme.refused(4, 'egress', ...argv)).code, 'access.scope-missing');
    assert.deepEqual(await operator.value('egress', 'list', ...at), []);
    assert.equal((await register(globex)).status, 3);
  });
});
