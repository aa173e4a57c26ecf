/**
 * Guarantee: "What did it cost, and who called?" is answered by the lists of tasks, credits and audit entries, with names and in credits;
 * no command changes what a budget of an older script allows without saying so.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { createClient } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

interface Sent {
  readonly task: { readonly id: string };
}

describe('what a task cost and who called', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let acme: Shell;
  let robot: Shell;
  let completed: string;
  let failed: string;

  before(async () => {
    setting = await startCommandSetting();
    ({ acme } = setting);
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: async (message, task) => {
        if (text(message) === 'reply') return task.reply('Just words.');
        if (text(message) === 'score') task.usage({ items: 120, units: { tokens: 7 } });
        if (text(message) === 'fail') return task.fail('No "state":"TASK_STATE_REJECTED" here.');
        await task.working('thinking');
        return task.complete(text(message));
      },
    });
    await setting.operator.told('credits', 'grant', 'acme', '100');
    await acme.told('agent', 'register', 'echo', agent.url, '--price', '0.5');
    robot = await setting.newClient('invoice robot', 'a2a:send', 'a2a:read');
    completed = (await robot.value<Sent>('send', 'echo', 'hello')).task.id;
    failed = (JSON.parse((await robot.run('send', 'echo', 'fail', '--json')).stdout) as Sent).task.id;
  });
  after(async () => {
    await agent?.close({ graceMs: 0 });
    await setting?.[Symbol.asyncDispose]();
  });

  it('"task list" shows the caller by name and what each task cost', async () => {
    const said = await acme.told('task', 'list');
    assert.match(said, /^TASK +STATE +AGENT +CALLER +COST +CREATED$/m);
    assert.match(said, new RegExp(`^${completed} +completed +echo +invoice robot +0\\.5 settled +\\d{4}-`, 'm'));
    assert.match(said, new RegExp(`^${failed} +failed +echo +invoice robot +0\\.5 released +\\d{4}-`, 'm'));
    assert.ok(said.indexOf(failed) < said.indexOf(completed), 'newest first');
    assert.equal((await acme.told('task', 'list', '--limit', '1')).trimEnd().split('\n').length, 2);
    assert.equal(await acme.told('task', 'list', '--agent', 'none'), 'There are no tasks.\n');
  });

  it('a missing scope is named, and the command that gives it', async () => {
    const { said } = await robot.refused(4, 'task', 'list');
    assert.match(said, /^error: The access token lacks the scope tasks:inspect, /);
    const remedy = 'colloquy client create <name> --scope tasks:inspect --tenant acme --save-profile <name> --profile';
    assert.ok(said.includes(`An operator creates one: "${remedy} <operator>".`), said);
    const clerk = await setting.newClient('issuing clerk', 'clients:write');
    const wanted = ['client', 'create', 'x', '--scope', 'tasks:inspect', '--scope', 'a2a:send'];
    const refused = await clerk.refused(4, ...wanted);
    assert.match(refused.said, /Only an operator, or a client that has tasks:inspect, a2a:send itself, may do this/);
    assert.doesNotMatch(refused.said, /colloquy client create/);
    assert.match((await acme.refused(4, 'tenant', 'create', 'evil')).said, /Only an operator may do this/);
  });

  it('a forgotten profile, which puts an agent into the tenant of the operators, is told where it shows', async () => {
    const made = await setting.operator.run('agent', 'register', 'stray', agent.url, '--price', '0.5');
    assert.match(made.stdout, /^Registered stray in tenant system\./);
    assert.match(
      made.stderr,
      /Only operators can call it here\. For the clients of a tenant, register it with the profile/,
    );
    const { code, said } = await setting.operator.refused(7, 'send', 'stray', 'hello');
    assert.equal(code, 'credits.insufficient');
    assert.match(said, /what to do: This is the operators' own tenant\. Use the profile of a client of another tenant/);
    const ofTenant = await acme.run('agent', 'register', 'own', agent.url, '--price', '1000000');
    assert.equal(ofTenant.stderr, '');
    const poor = await acme.refused(7, 'send', 'own', 'hello');
    assert.match(poor.said, /Ask an operator for "colloquy credits grant acme <amount> --profile <operator>"/);
    await acme.told('agent', 'deregister', 'own');
  });

  it('a scope that does not exist is named, with the nearest one that does, for clients, keys and people', async () => {
    const wanted = ['--scope', 'a2a:read', '--scope', 'a2a:snd, zzzzzzzzzz'];
    for (const command of [
      ['client', 'create'],
      ['api-key', 'create'],
      ['person', 'create'],
    ]) {
      const { code, said } = await acme.refused(3, ...command, 'newcomer', ...wanted);
      assert.equal(code, 'request.invalid');
      assert.match(
        said,
        /^ {2}scopes: there is no scope "a2a:snd", "zzzzzzzzzz" to give; must name at least one of a2a:/m,
      );
      assert.match(said, /what to do: Did you mean "a2a:send" instead of "a2a:snd"\?\n/);
      assert.doesNotMatch(
        said,
        /acp:|platform:operate/,
        'no scope is offered that nothing serves, and none of operators',
      );
    }
    const { said } = await acme.refused(3, 'client', 'create', 'newcomer', '--scope', 'zzzzzzzzzz');
    assert.match(said, /what to do: Correct the listed fields/);
  });

  it('"task list" of a caller with a role at one agent shows no task of another agent', async () => {
    await acme.told('agent', 'register', 'other', agent.url);
    const other = (await robot.value<Sent>('send', 'other', 'hello')).task.id;
    const clerk = await setting.newClient('clerk', 'tasks:inspect', 'a2a:read');
    await acme.told('grant', 'add', clerk.clientId, 'auditor', '--agent', 'other');
    await eventually('the role holds', async () => !(await clerk.told('task', 'list')).includes(completed));
    assert.ok((await clerk.told('task', 'list')).includes(other));
    assert.equal(await clerk.told('task', 'list', '--agent', 'echo'), 'There are no tasks.\n');
  });

  it('"task show" of a completed task says that its price was settled, not that it is reserved', async () => {
    const said = await acme.told('task', 'show', completed);
    assert.match(said, new RegExp(`^caller +invoice robot \\(${robot.clientId}\\)$`, 'm'));
    assert.match(said, /^price +0\.5 credits\ncost +0\.5 settled$/m);
    assert.doesNotMatch(said, /reserved|microcredits/);
    assert.match(await acme.told('task', 'show', failed), /^cost +0\.5 released$/m);
  });

  it('"task show" shows the state that each event gave the task', async () => {
    const said = await acme.told('task', 'show', completed);
    assert.match(said, /^SEQ +EVENT +STATE +TIME\n1 +task +submitted +\d{4}-/m);
    assert.match(said, /^2 +status +working +\d{4}-/m);
    assert.match(said, /^\d +status +completed +\d{4}-.*\n$/m);
    const events = await acme.told('task', 'show', failed);
    assert.match(events, /^\d +status +failed +\d{4}-.*\n$/m);
    assert.doesNotMatch(events, /rejected/, 'the state is not read from the words of the agent');
    assert.equal(await acme.told('task', 'inspect', completed), said, 'the old name shows the same');
  });

  it('"credits entries" shows the task, its agent and the name of its caller', async () => {
    const said = await acme.told('credits', 'entries');
    assert.match(said, /^TIME +KIND +CREDITS +TASK +AGENT +CALLER$/m);
    assert.match(said, new RegExp(`^\\d{4}-\\S+ +settle +0\\.5 +${completed} +echo +invoice robot$`, 'm'));
    assert.match(said, new RegExp(`^\\d{4}-\\S+ +release +0\\.5 +${failed} +echo +invoice robot$`, 'm'));
    assert.match(said, /^\d{4}-\S+ +grant +100$/m);
    const ofOne = await acme.told('credits', 'entries', '--task', completed);
    assert.deepEqual(ofOne.match(/settle|reserve|release|grant/g), ['settle', 'reserve']);
  });

  it('audit lists show names beside ids and credits beside microcredits', async () => {
    const by = `invoice robot (${robot.clientId})`;
    const tail = await acme.told('audit', 'tail', '--resource', completed);
    assert.ok(tail.includes(`by ${by}  `), tail);
    assert.ok(tail.includes('amountMicrocredits=500000 (0.5 credits)'), tail);
    const granted = /credits\.granted.* by operator \(cli_[0-9a-f]{32}\) .*\(100 credits\)/;
    assert.match(await acme.told('audit', 'tail'), granted);
    await eventually('the entry is sealed', async () => {
      const found = await acme.told('audit', 'search', '--resource', completed);
      return found.includes(by) && found.includes('(0.5 credits)');
    });
  });

  it('an API key is a caller with a name', async () => {
    const made = await acme.value<{ apiKey: string }>('api-key', 'create', 'nightly', '--expires-in-days', '30');
    const key = createClient({ baseUrl: setting.platform.url, tenant: 'acme', token: made.apiKey });
    await key.agent('echo').send('hello');
    assert.match(await acme.told('task', 'list'), / completed +echo +nightly +0\.5 settled /);
  });

  it('a used message id costs nothing with the same words; with other words it is a new task over A2A, and refused here', async () => {
    const used = async (): Promise<number> =>
      Number(/^used +(\S+)$/m.exec(await acme.told('credits', 'balance'))?.[1] ?? Number.NaN);
    const token = (await robot.told('token')).trim();
    const overA2a = async (text: string): Promise<unknown> => {
      const message = { messageId: 'mine', role: 'ROLE_USER', parts: [{ text }] };
      const answer = await fetch(`${setting.platform.url}/t/acme/agents/echo`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'a2a-version': '1.0', 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }),
      });
      return ((await answer.json()) as { result: Sent }).result.task.id;
    };
    const before = await used();
    const first = await overA2a('hello');
    assert.equal(await overA2a('hello'), first);
    assert.equal(await used(), before + 0.5);
    assert.notEqual(await overA2a('good-bye'), first);
    assert.equal(await used(), before + 1);
    await robot.told('send', 'echo', 'hello', '--message-id', 'ours');
    const { code } = await robot.refused(6, 'send', 'echo', 'good-bye', '--message-id', 'ours');
    assert.equal(code, 'task.idempotency-conflict');
    assert.equal(await used(), before + 1.5, 'the refused message cost nothing');
  });

  it('"--budget" takes credits like "--price", and refuses an amount that may be meant in microcredits', async () => {
    const { task } = await robot.value<Sent>('send', 'echo', 'hello', '--budget', '2.5');
    assert.match(await acme.told('task', 'show', task.id), /^budget left +2 credits$/m);
    const spent = await acme.told('credits', 'balance');
    const { said } = await robot.refused(2, 'send', 'echo', 'hello', '--budget', '500000');
    assert.match(said, /--budget is in credits, and used to be in microcredits/);
    assert.match(said, /Write 0\.5 for 500000 microcredits, or 500000\.0 for 500000 credits\./);
    assert.equal(await acme.told('credits', 'balance'), spent, 'nothing was sent');
    await robot.told('send', 'echo', 'hello', '--budget', '5000.0');
    assert.equal((await robot.run('send', 'echo', 'hello', '--budget', '0.4')).status, 7);
  });

  it('"send" ends with what the task cost, and its stream as well; a free task says nothing of it', async () => {
    assert.match(
      await robot.told('send', 'echo', 'again'),
      /^completed {2}task tsk_[0-9a-f]{32} {2}cost 0\.5 credits\n$/m,
    );
    assert.equal(await robot.told('send', 'echo', 'reply'), 'Just words.\ncost 0.5 credits\n');
    const streamed = await robot.told('send', 'echo', 'again', '--stream');
    assert.match(
      streamed,
      /^submitted {2}task tsk_[0-9a-f]{32} {2}0\.5 credits reserved\nworking {2}thinking\ncompleted {2}again {2}cost 0\.5 credits\n$/,
    );
    const { stdout } = await robot.run('send', 'echo', 'fail');
    assert.match(stdout, /^failed {2}task tsk_[0-9a-f]{32} {2}cost 0 credits, 0\.5 released$/m);
    await acme.told('agent', 'register', 'gratis', agent.url, '--price', '0');
    assert.match(await robot.told('send', 'gratis', 'again'), /^again\ncompleted {2}task tsk_[0-9a-f]{32}\n$/);
  });

  it('"task show" lists the parts of a price, and what the agent reported', async () => {
    await acme.told('agent', 'register', 'scorer', agent.url);
    const price = {
      perCall: 1,
      perItem: { price: 0.5 },
      perUnit: { tokens: 0.01 },
      estimate: { items: 160, units: { tokens: 100 } },
    };
    await acme.told('price', 'set', 'scorer', '--price-json', JSON.stringify(price));
    await setting.operator.told('credits', 'grant', 'acme', '1000');
    const { id } = await eventually('the price holds', async () => {
      const sent = await robot.value<Sent>('send', 'scorer', 'score');
      const { reservedMicrocredits } = await acme.value<{ reservedMicrocredits: number }>('task', 'show', sent.task.id);
      return reservedMicrocredits === 82_000_000 ? sent.task : undefined;
    });
    const said = await acme.told('task', 'show', id);
    assert.match(
      said,
      /^price +82 credits\ncost +61\.07 settled, 20\.93 released\ntook +[0-9.]+ s, 120 items, 7 tokens$/m,
    );
    const parts =
      /^PART +QUANTITY +EACH +CREDITS\ncall +1 +1 +1\nitems +120 +0\.5 +60\ntokens +7 +0\.01 +0\.07\n\nROUTING/m;
    assert.match(said, parts);
  });
});
