/** Guarantee: whoever runs a platform stops an agent, a client and a tenant by command, which keeps them out until the stop is lifted (T25). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

describe('stop and resume', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let acme: Shell;
  let operator: Shell;
  const heard: string[] = [];

  before(async () => {
    setting = await startCommandSetting();
    ({ acme, operator } = setting);
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: async (message, task) => {
        heard.push(text(message));
        if (text(message) !== 'wait') return task.complete(text(message));
        await task.working('waiting');
        return new Promise((resolve) => task.signal.addEventListener('abort', () => resolve()));
      },
    });
    await acme.told('agent', 'register', 'echo', agent.url);
  });
  after(async () => {
    await agent.close({ graceMs: 0 });
    await setting[Symbol.asyncDispose]();
  });

  const status = async (shell: Shell, ...argv: readonly string[]): Promise<number> => (await shell.run(...argv)).status;
  const untilStatus = (wanted: number, shell: Shell, ...argv: readonly string[]): Promise<unknown> =>
    eventually(`${argv.join(' ')} ends with ${wanted}`, async () => (await status(shell, ...argv)) === wanted, 10_000);
  /** Everything that is stopped in the tenant. */
  const stopped = async (): Promise<readonly unknown[]> =>
    (await setting.tenant.client.admin.listStops()).items.map(({ kind, name }) => [kind, name]);

  it('keep messages from an agent, cancel what it has under work, and let it go on', async () => {
    assert.match(await acme.told('send', 'echo', 'before'), /^before\ncompleted/);
    const { task } = await acme.value<{ task: { id: string } }>('send', 'echo', 'wait', '--no-wait');
    await eventually('the agent works', () => heard.includes('wait'));
    const said = await acme.told('stop', 'agent', 'echo', '--reason', 'it answers with secrets');
    assert.match(said, /^Stopped echo since \d{4}-\d\d-\d\dT[\d:.]+Z\.\n$/);
    await eventually('its task is canceled', async () =>
      /^state +canceled$/m.test(await acme.told('task', 'show', task.id)),
    );
    await eventually('it takes nothing', async () => (await status(acme, 'send', 'echo', 'probe')) !== 0, 10_000);
    const count = heard.length;
    const refusal = await acme.refused(5, 'send', 'echo', 'while it is stopped');
    assert.equal(refusal.code, 'registry.agent-unknown');
    assert.equal(heard.length, count, 'it was told nothing');

    const again = ['stop', 'agent', 'echo', '--reason', 'another reason'];
    const { stoppedAt, ...stop } = await acme.value<{ stoppedAt: string }>(...again);
    assert.deepEqual(stop, {
      kind: 'agent',
      name: 'echo',
      reason: 'it answers with secrets',
      stoppedBy: acme.clientId,
    });
    assert.ok(said.includes(stoppedAt), 'to stop it again changes nothing');

    assert.equal(await acme.told('resume', 'agent', 'echo'), 'echo may go on.\n');
    await untilStatus(0, acme, 'send', 'echo', 'after');
    assert.match(await acme.told('task', 'inspect', task.id), /^state +canceled$/m, 'what was canceled stays so');
    assert.ok(!heard.includes('while it is stopped'));
    assert.equal((await acme.refused(5, 'resume', 'agent', 'echo')).code, 'access.stop-unknown');
    const log = await acme.told('audit', 'tail', '--resource', 'agents/echo');
    assert.match(log, /agent\.stopped +succeeded +agents\/echo +by cli_\w+ +reason=it answers with secrets$/m);
    assert.match(log, /agent\.resumed +succeeded/);
  });

  it('keep a client out, and let it in again', async () => {
    const looping = await setting.newClient('looping', 'a2a:read');
    await looping.told('agent', 'list');
    await acme.told('stop', 'client', looping.clientId, '--reason', 'it loops');
    await untilStatus(4, looping, 'agent', 'list');
    assert.equal((await looping.refused(4, 'token')).code, 'access.unauthenticated');
    assert.equal(await status(acme, 'agent', 'list'), 0, 'nobody else is kept out');
    const lifted = await acme.value<object>('resume', 'client', looping.clientId);
    assert.deepEqual(lifted, { kind: 'principal', name: looping.clientId, resumed: true });
    await untilStatus(0, looping, 'agent', 'list');
  });

  it('keep a whole tenant out for an operator, who names it with --tenant alone', async () => {
    const at = ['--tenant', 'acme'];
    const { said } = await operator.refused(2, 'stop', 'tenant', 'acme', '--reason', 'unpaid');
    assert.match(said, /--tenant acme/);
    assert.equal((await operator.refused(2, 'resume', 'tenant', 'acme')).code, 'cli.usage');
    assert.equal(await status(acme, 'agent', 'list'), 0, 'nothing was stopped');
    assert.match(await operator.told('stop', 'tenant', '--reason', 'unpaid', ...at), /^Stopped the tenant since /);
    await untilStatus(4, acme, 'agent', 'list');
    assert.equal(await operator.told('resume', 'tenant', ...at), 'the tenant may go on.\n');
    await untilStatus(0, acme, 'agent', 'list');
  });

  it('say what is wrong, and stop nothing', async () => {
    assert.equal((await acme.refused(2, 'stop', 'agent', 'echo')).code, 'cli.usage');
    assert.match((await acme.refused(2, 'stop', 'agent', 'echo', '--reason', '')).said, /--reason is needed/);
    const choices = /"planet" is invalid\. Allowed choices are agent, client, tenant/;
    assert.match((await acme.refused(2, 'stop', 'planet', 'earth', '--reason', 'x')).said, choices);
    for (const target of [['agent'], ['client']]) {
      const { said } = await acme.refused(2, 'stop', ...target, '--reason', 'x');
      assert.match(said, /not clear\.\n +what to do: Say "agent <name>"/);
    }
    assert.match((await acme.refused(2, 'stop')).said, /Missing required argument "agent\|client\|tenant"/);
    const unknown = await acme.refused(5, 'stop', 'agent', 'nobody', '--reason', 'x');
    assert.equal(unknown.code, 'registry.agent-unknown');
    const noClient = await acme.refused(5, 'stop', 'client', `cli_${'0'.repeat(32)}`, '--reason', 'x');
    assert.equal(noClient.code, 'access.client-unknown');
    const oneself = await acme.refused(3, 'stop', 'client', acme.clientId, '--reason', 'x');
    assert.match(oneself.said, /would suspend the caller itself/);
    assert.equal((await acme.refused(4, 'stop', 'tenant', '--reason', 'x')).code, 'access.scope-missing');
    const weak = await setting.newClient('weak', 'a2a:read');
    assert.equal((await weak.refused(4, 'stop', 'agent', 'echo', '--reason', 'x')).code, 'access.scope-missing');
    assert.deepEqual(await stopped(), []);
    assert.match(await acme.told('send', 'echo', 'still here'), /^still here\ncompleted/);
  });
});
