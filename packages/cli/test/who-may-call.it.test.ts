/**
 * Guarantee: the administrator of a tenant gives programs access by command, with an API key, a role or the tokens of another issuer, and
 * revokes each of them; no other command shows a key that was shown once (T09, T13, T40).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import { eventually, startAuthorizationServer } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

describe('who may call', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let acme: Shell;

  before(async () => {
    setting = await startCommandSetting();
    ({ acme } = setting);
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: (message, task) => task.complete(text(message)),
    });
    for (const name of ['echo', 'other']) await acme.told('agent', 'register', name, agent.url);
  });
  after(async () => {
    await agent.close({ graceMs: 0 });
    await setting[Symbol.asyncDispose]();
  });

  /** What becomes of a message that is sent with this token: the state of its task, or the code of its refusal. */
  async function sent(token: string, name = 'echo'): Promise<string> {
    const client = createClient({ baseUrl: setting.platform.url, tenant: 'acme', token });
    try {
      return (await client.agent(name).send('hello')).task?.status.state ?? 'message';
    } catch (error) {
      return error instanceof ColloquyError ? error.code : String(error);
    }
  }
  const untilSent = (wanted: string, token: string): Promise<unknown> =>
    eventually(`a message ends as ${wanted}`, async () => (await sent(token)) === wanted, 10_000);
  const done = 'TASK_STATE_COMPLETED';

  it('API keys are shown once, open what they were made for, and nothing after they were revoked', async () => {
    assert.equal(await acme.told('api-key', 'list'), 'There are no API keys.\n');
    const keyOptions = ['--scope', 'a2a:send', '--scope', 'a2a:read', '--agent', 'echo', '--expires-in-days', '30'];
    const said = await acme.told('api-key', 'create', 'ci', ...keyOptions);
    const [, keyId = ''] = /^key id +(apk_[0-9a-f]{32})$/m.exec(said) ?? [];
    const [, apiKey = ''] = /^api key +(clq_[0-9a-f]{32}_[0-9A-Za-z]{49})$/m.exec(said) ?? [];
    assert.match(
      said,
      /^scopes +a2a:send a2a:read\nagents +echo\nexpires +\d{4}-.*\n\nThe key is not shown again\.\n$/m,
    );
    assert.equal(await sent(apiKey), done);
    assert.equal(await sent(apiKey, 'other'), 'access.unauthenticated');

    const next = await acme.value<{ keyId: string; apiKey: string }>('api-key', 'create', 'ci', ...keyOptions);
    const row = new RegExp(`^${keyId} +ci +until \\d{4}-\\S+ +(never|\\d{4}-\\S+) +echo +a2a:send a2a:read$`, 'm');
    assert.match(await acme.told('api-key', 'list'), row);
    const everything = (await acme.told('api-key', 'list')) + (await acme.told('api-key', 'list', '--json'));
    for (const key of [apiKey, next.apiKey]) assert.ok(!everything.includes(key.slice(37)), 'no list shows a key');

    assert.equal(await acme.told('api-key', 'revoke', keyId), `Revoked ${keyId}.\n`);
    await untilSent('access.unauthenticated', apiKey);
    assert.equal(await sent(next.apiKey), done, 'the next key of the name goes on');
    assert.match(await acme.told('api-key', 'list'), new RegExp(`^${keyId} +ci +revoked \\d{4}-`, 'm'));
    assert.deepEqual(await acme.value('api-key', 'revoke', next.keyId), { keyId: next.keyId, revoked: true });
    await untilSent('access.unauthenticated', next.apiKey);
  });

  it('API keys that may not be are not made', async () => {
    const before = await acme.value<readonly object[]>('api-key', 'list');
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "name"/, 'create'],
      [2, /--expires-in-days must be a whole number from 1 to 366/, 'create', 'x', '--expires-in-days', '367'],
      [3, /^ {2}scopes: /m, 'create', 'x', '--scope', 'clients:write'],
      [3, /^ {2}scopes: /m, 'create', 'x', '--scope', 'a2a:everything'],
      [3, /^ {2}scopes: /m, 'create', 'x', '--scope', 'audit:read', '--agent', 'echo'],
      [2, /Missing required argument "key-id"/, 'revoke'],
      [5, /no such API key/, 'revoke', `apk_${'0'.repeat(32)}`],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'api-key', ...argv)).said, says, argv.join(' '));
    const weak = await setting.newClient('weak', 'clients:write', 'a2a:read');
    const climbing = await weak.refused(4, 'api-key', 'create', 'x', '--scope', 'a2a:send');
    assert.equal(climbing.code, 'access.scope-missing');
    assert.deepEqual(await acme.value('api-key', 'list'), before);
  });

  it('roles narrow a client to what they say, and to nothing when the last one is taken away', async () => {
    const robot = await setting.newClient('robot', 'a2a:send', 'a2a:read');
    assert.equal(await acme.told('grant', 'list'), 'No principal has a role.\n');
    const status = async (...argv: readonly string[]): Promise<number> => (await robot.run(...argv)).status;
    assert.deepEqual([await status('send', 'echo', 'x'), await status('send', 'other', 'x')], [0, 0]);
    const said = await acme.told('grant', 'add', robot.clientId, 'caller', '--agent', 'echo');
    const [, grantId = ''] =
      new RegExp(`^${robot.clientId} has the role caller \\((grt_\\w+)\\)\\.\n$`).exec(said) ?? [];
    await eventually('the other agent is out of reach', async () => (await status('send', 'other', 'x')) === 5, 10_000);
    assert.equal(await status('send', 'echo', 'x'), 0);
    const table = await acme.told('grant', 'list');
    assert.match(table, new RegExp(`^GRANT +PRINCIPAL +ROLE +AT +SKILL\n${grantId} +${robot.clientId} +caller +echo`));

    type Grant = { readonly grantId: string };
    const { grantId: wide, ...given } = await acme.value<Grant>('grant', 'add', robot.clientId, 'auditor');
    assert.equal((given as Record<string, unknown>)['role'], 'auditor');
    assert.match(await acme.told('grant', 'list'), new RegExp(`^${wide} +${robot.clientId} +auditor +the tenant`, 'm'));
    assert.deepEqual(await acme.value('grant', 'remove', wide), { grantId: wide, removed: true });
    assert.equal(await acme.told('grant', 'remove', grantId), `Removed ${grantId}.\n`);
    await eventually('it may do nothing', async () => (await status('send', 'echo', 'x')) === 4, 10_000);
    assert.deepEqual(await acme.value('grant', 'list'), []);
  });

  it('unknown roles, and roles for unknown principals, are refused', async () => {
    const robot = await setting.newClient('second-robot', 'a2a:send', 'a2a:read');
    const who = robot.clientId;
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "role"/, 'add', who],
      [3, /^ {2}role: is not a role/m, 'add', who, 'emperor'],
      [3, /^ {2}role: can not be granted/m, 'add', who, 'operator'],
      [3, /^ {2}skill: needs the agent/m, 'add', who, 'caller', '--skill', 'again'],
      [3, /^ {2}role: can not be granted for a skill/m, 'add', who, 'host', '--agent', 'echo', '--skill', 'again'],
      [5, /no such agent/, 'add', who, 'caller', '--agent', 'missing'],
      [5, /no such client/, 'add', `cli_${'0'.repeat(32)}`, 'caller'],
      [2, /Missing required argument "grant-id"/, 'remove'],
      [5, /no such grant/, 'remove', `grt_${'0'.repeat(32)}`],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'grant', ...argv)).said, says, argv.join(' '));
    assert.deepEqual(await acme.value('grant', 'list'), []);
    assert.match(await robot.told('send', 'echo', 'x'), /^x\ncompleted/, 'no role limits it');
  });

  it('tokens of another issuer open what its map says, until it is removed', async () => {
    await using server = await startAuthorizationServer();
    assert.equal(await acme.told('issuer', 'list'), 'There are no external issuers.\n');
    const said = await acme.told('issuer', 'add', 'login', server.issuer, '--map', 'agents.read=a2a:read');
    const [, issuerId = ''] = /^issuer id +(iss_[0-9a-f]{32})$/m.exec(said) ?? [];
    const [, audience = ''] = /^audience +(\S+)$/m.exec(said) ?? [];
    assert.match(said, /\n\nThe platform accepts its tokens for this audience\.\n$/);
    const token = await server.requestToken({ algorithm: 'ES256', audience, scope: 'agents.read agents.call' });
    assert.equal(await sent(token), 'access.scope-missing', 'a word that is not in the map grants nothing');
    const map = ['--map', 'agents.read=a2a:read', '--map', 'agents.call=a2a:send,a2a:read'];
    assert.equal(await acme.told('issuer', 'update', issuerId, ...map), `Updated ${issuerId}.\n`);
    await untilSent(done, token);
    const renamed = await acme.value<Record<string, unknown>>('issuer', 'update', issuerId, '--name', 'sign-on');
    assert.deepEqual(
      [renamed['name'], renamed['scopeMap']],
      ['sign-on', { 'agents.read': ['a2a:read'], 'agents.call': ['a2a:send', 'a2a:read'] }],
      'what is not given stays as it is',
    );
    const row = `^${issuerId} +sign-on +accepted +${server.issuer} +${audience} +.*agents\\.call=a2a:send,a2a:read`;
    assert.match(await acme.told('issuer', 'list'), new RegExp(row, 'm'));
    assert.equal(await acme.told('issuer', 'remove', issuerId), `Removed ${issuerId}.\n`);
    await untilSent('access.unauthenticated', token);
    assert.match(await acme.told('issuer', 'list'), new RegExp(`^${issuerId} +sign-on +removed \\d{4}-`, 'm'));
  });

  it('issuers that are none are not accepted', async () => {
    await using server = await startAuthorizationServer();
    const before = await acme.value<readonly object[]>('issuer', 'list');
    const { issuer } = server;
    const unknownId = `iss_${'0'.repeat(32)}`;
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "issuer-url"/, 'add', 'login'],
      [2, /--map is missing/, 'add', 'login', issuer],
      [2, /--map does not accept "a2a:send"/, 'add', 'login', issuer, '--map', 'a2a:send'],
      [3, /^ {2}scopeMap/m, 'add', 'login', issuer, '--map', 'agents.call=a2a:everything'],
      [2, /Allowed choices are RS256/, 'add', 'login', issuer, '--map', 'agents.call=a2a:send', '--algorithm', 'none'],
      [2, /Missing required argument "issuer-id"/, 'change'],
      [5, /no such external issuer/, 'update', unknownId, '--name', 'x'],
      [5, /no such external issuer/, 'remove', unknownId],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'issuer', ...argv)).said, says, argv.join(' '));
    assert.deepEqual(await acme.value('issuer', 'list'), before);
  });
});
