/** Guarantee: operators suspend an agent, a client and a tenant by command; the platform refuses them until the suspension is lifted (T25). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

describe('suspend and resume', () => {
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
  /** Every suspension in the tenant. */
  const suspensions = async (): Promise<readonly unknown[]> =>
    (await setting.tenant.client.admin.listStops()).items.map(({ kind, name }) => [kind, name]);

  it('refuse messages to an agent and cancel its tasks, until the suspension is lifted', async () => {
    assert.match(await acme.told('send', 'echo', 'before'), /^before\ncompleted/);
    const { task } = await acme.value<{ task: { id: string } }>('send', 'echo', 'wait', '--no-wait');
    await eventually('the agent works', () => heard.includes('wait'));
    const said = await acme.told('suspend', 'agent', 'echo', '--reason', 'it answers with secrets');
    assert.match(said, /^Suspended echo since \d{4}-\d\d-\d\dT[\d:.]+Z\.\n$/);
    await eventually('its task is canceled', async () =>
      /^state +canceled$/m.test(await acme.told('task', 'show', task.id)),
    );
    await eventually('it takes nothing', async () => (await status(acme, 'send', 'echo', 'probe')) !== 0, 10_000);
    const count = heard.length;
    const refusal = await acme.refused(5, 'send', 'echo', 'while it is suspended');
    assert.equal(refusal.code, 'registry.agent-unknown');
    assert.equal(heard.length, count, 'the agent received nothing');

    const again = ['suspend', 'agent', 'echo', '--reason', 'another reason'];
    const { stoppedAt, ...stop } = await acme.value<{ stoppedAt: string }>(...again);
    assert.deepEqual(stop, {
      kind: 'agent',
      name: 'echo',
      reason: 'it answers with secrets',
      stoppedBy: acme.clientId,
    });
    assert.ok(said.includes(stoppedAt), 'a second suspension changes nothing');

    assert.equal(await acme.told('resume', 'agent', 'echo'), 'Lifted the suspension of echo.\n');
    await untilStatus(0, acme, 'send', 'echo', 'after');
    assert.match(await acme.told('task', 'show', task.id), /^state +canceled$/m, 'canceled tasks stay canceled');
    assert.ok(!heard.includes('while it is suspended'));
    assert.equal((await acme.refused(5, 'resume', 'agent', 'echo')).code, 'access.stop-unknown');
    const log = await acme.told('audit', 'tail', '--resource', 'agents/echo');
    assert.match(log, /agent\.stopped +succeeded +agents\/echo +by all \(cli_\w+\) +reason=it answers with secrets$/m);
    assert.match(log, /agent\.resumed +succeeded/);
  });

  it('refuse a client until the suspension is lifted', async () => {
    const looping = await setting.newClient('looping', 'a2a:read');
    await looping.told('agent', 'list');
    await acme.told('suspend', 'client', looping.clientId, '--reason', 'it loops');
    await untilStatus(4, looping, 'agent', 'list');
    assert.equal((await looping.refused(4, 'token')).code, 'access.unauthenticated');
    assert.equal(await status(acme, 'agent', 'list'), 0, 'other clients are not suspended');
    const lifted = await acme.value<object>('resume', 'client', looping.clientId);
    assert.deepEqual(lifted, { kind: 'principal', name: looping.clientId, resumed: true });
    await untilStatus(0, looping, 'agent', 'list');
  });

  it('refuse a whole tenant; the operator names it with --tenant only', async () => {
    const at = ['--tenant', 'acme'];
    const { said } = await operator.refused(2, 'suspend', 'tenant', 'acme', '--reason', 'unpaid');
    assert.match(said, /--tenant acme/);
    assert.equal((await operator.refused(2, 'resume', 'tenant', 'acme')).code, 'cli.usage');
    assert.equal(await status(acme, 'agent', 'list'), 0, 'nothing was suspended');
    assert.match(await operator.told('suspend', 'tenant', '--reason', 'unpaid', ...at), /^Suspended the tenant since /);
    await untilStatus(4, acme, 'agent', 'list');
    assert.equal(await operator.told('resume', 'tenant', ...at), 'Lifted the suspension of the tenant.\n');
    await untilStatus(0, acme, 'agent', 'list');
  });

  it('report mistakes and suspend nothing', async () => {
    assert.equal((await acme.refused(2, 'suspend', 'agent', 'echo')).code, 'cli.usage');
    assert.match((await acme.refused(2, 'suspend', 'agent', 'echo', '--reason', '')).said, /--reason is needed/);
    const choices = /"planet" is invalid\. Allowed choices are agent, client, tenant/;
    assert.match((await acme.refused(2, 'suspend', 'planet', 'earth', '--reason', 'x')).said, choices);
    for (const target of [['agent'], ['client']]) {
      const { said } = await acme.refused(2, 'suspend', ...target, '--reason', 'x');
      assert.match(said, /name is missing\.\n +what to do: Write "agent <name>"/);
    }
    assert.match((await acme.refused(2, 'suspend')).said, /Missing required argument "agent\|client\|tenant"/);
    const unknown = await acme.refused(5, 'suspend', 'agent', 'missing', '--reason', 'x');
    assert.equal(unknown.code, 'registry.agent-unknown');
    const noClient = await acme.refused(5, 'suspend', 'client', `cli_${'0'.repeat(32)}`, '--reason', 'x');
    assert.equal(noClient.code, 'access.client-unknown');
    const oneself = await acme.refused(3, 'suspend', 'client', acme.clientId, '--reason', 'x');
    assert.match(oneself.said, /would suspend the caller itself/);
    assert.equal((await acme.refused(4, 'suspend', 'tenant', '--reason', 'x')).code, 'access.scope-missing');
    const weak = await setting.newClient('weak', 'a2a:read');
    assert.equal((await weak.refused(4, 'suspend', 'agent', 'echo', '--reason', 'x')).code, 'access.scope-missing');
    assert.deepEqual(await suspensions(), []);
    assert.match(await acme.told('send', 'echo', 'still here'), /^still here\ncompleted/);
  });
});
