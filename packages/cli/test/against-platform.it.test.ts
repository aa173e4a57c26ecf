/** Guarantee: every command does against a platform what its help says, for people and, with --json, for programs. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { createTestAuthority, eventually, selfSigned } from '@colloquy/testkit';
import { startPlatformProcess } from './platform-process.ts';
import type { PlatformProcess } from './platform-process.ts';
import { runCommand, startCommand } from './run-command.ts';

type Env = Readonly<Record<string, string>>;

describe('commands against a platform', () => {
  let platform: PlatformProcess;
  let agent: AgentServer;
  let acme: Env;
  let operator: Env;

  before(async () => {
    platform = await startPlatformProcess();
    agent = await serveAgent({
      card: { name: 'Parrot', description: 'Says it again.', skills: [{ id: 'again' }] },
      handle: async (message, task) => {
        if (text(message) === 'fail') return task.fail('No.');
        if (text(message) === 'wait') {
          await task.working('waiting');
          return new Promise((resolve) => task.signal.addEventListener('abort', () => resolve()));
        }
        for (const word of text(message).split(' ')) {
          await task.artifact({ id: 'a', parts: `${word} `, append: word !== text(message).split(' ')[0] });
        }
      },
    });
    const init = platform.run('init', '--url', platform.url, '--json');
    const { clientId, clientSecret } = JSON.parse(init.stdout) as { clientId: string; clientSecret: string };
    operator = settings('system', clientId, clientSecret);
  });
  after(async () => {
    await agent?.close({ graceMs: 0 });
    await platform?.[Symbol.asyncDispose]();
  });

  const settings = (tenant: string, clientId: string, clientSecret: string): Env => ({
    COLLOQUY_URL: platform.url,
    COLLOQUY_TENANT: tenant,
    COLLOQUY_CLIENT_ID: clientId,
    COLLOQUY_CLIENT_SECRET: clientSecret,
  });

  /** The text of a command that succeeds. */
  async function told(argv: readonly string[], env: Env): Promise<string> {
    const { status, stdout, stderr } = await runCommand(argv, env);
    assert.equal(status, 0, `${argv.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** The one JSON value of a command that succeeds. */
  async function value<T>(argv: readonly string[], env: Env): Promise<T> {
    const stdout = await told([...argv, '--json'], env);
    assert.equal(stdout.split('\n').length, 2, 'one line');
    return JSON.parse(stdout) as T;
  }

  it('operators make tenants, clients and credits', async () => {
    assert.match(await told(['tenant', 'create', 'acme', '--name', 'Acme'], operator), /Created tenant acme/);
    assert.match(await told(['tenant', 'list'], operator), /^SLUG +NAME +CREATED\nacme +Acme/m);
    const scopes = [
      'a2a:send',
      'a2a:read',
      'a2a:cancel',
      'agents:write',
      'agents:approve',
      'credits:read',
      'audit:read',
      'tasks:inspect',
    ];
    const create = ['client', 'create', 'all', '--tenant', 'acme', ...scopes.flatMap((scope) => ['--scope', scope])];
    type Created = { readonly clientId: string; readonly clientSecret: string };
    const { clientId, clientSecret } = await value<Created>(create, operator);
    acme = settings('acme', clientId, clientSecret);
    assert.match(await told(['client', 'list', '--tenant', 'acme'], operator), new RegExp(`${clientId} +all +active`));
    assert.match(
      await told(['credits', 'grant', 'acme', '12.5'], operator),
      /Granted 12\.5 credits to acme; 12\.5 are/,
    );
    assert.match(await told(['credits', 'balance'], acme), /^available {2}12\.5$/m);
    assert.match(await told(['token'], acme), /^ey[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('clients get keys, second secrets and authorities', async () => {
    const made = await value<{ clientId: string }>(['client', 'create', 'rotated', '--tenant', 'acme'], operator);
    const add = ['client-secret', 'add', made.clientId, '--days', '90', '--tenant', 'acme'];
    assert.match(await told(add, operator), /^client secret +cls_/m);
    const list = ['client-secret', 'list', made.clientId, '--tenant', 'acme'];
    const [{ secretId = '' } = {}] = await value<readonly { secretId?: string }[]>(list, operator);
    const revoke = ['client-secret', 'revoke', made.clientId, secretId, '--tenant', 'acme'];
    assert.match(await told(revoke, operator), /^Revoked sec_/);
    assert.match(await told(list, operator), new RegExp(`^${secretId} .*revoked `, 'm'));
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-clients-'));
    const [jwks, authority] = [join(folder, 'jwks.json'), join(folder, 'authority.pem')];
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    writeFileSync(jwks, JSON.stringify({ keys: [jwk] }));
    writeFileSync(authority, (await createTestAuthority('Clients of Acme')).certificate);
    const signer = ['client', 'create', 'signer', '--jwks', jwks, '--token-binding', 'dpop', '--tenant', 'acme'];
    assert.match(await told(signer, operator), /^authentication +private_key_jwt\ntoken binding +dpop$/m);
    const trust = ['client-authority', 'add', 'Acme', authority, '--tenant', 'acme'];
    assert.match(await told(trust, operator), /^Trusting CN=Clients of Acme until /);
    const worker = ['client', 'create', 'worker', '--subject', 'dn=CN=worker,O=Example', '--tenant', 'acme'];
    assert.match(await told(worker, operator), /^authentication +tls_client_auth\ntoken binding +certificate$/m);
    const trusted = await value<readonly { authorityId: string }[]>(
      ['client-authority', 'list', '--tenant', 'acme'],
      operator,
    );
    const remove = ['client-authority', 'remove', trusted[0]?.authorityId ?? '', '--tenant', 'acme'];
    assert.match(await told(remove, operator), /^Removed aut_/);
    assert.equal((await runCommand(remove, operator)).status, 5);
    assert.equal((await runCommand([...signer, '--subject', 'dns=x'], operator)).status, 2);
  });

  it('agents are registered, shown and listed', async () => {
    const said = await told(['agent', 'register', 'parrot', agent.url, '--price', '0.5', '--idempotent'], acme);
    assert.match(said, /^Registered parrot in tenant acme\./);
    assert.match(said, /price +0\.5 credits/);
    assert.match(await told(['agent', 'list'], acme), /^parrot +1\.0\.0 +0\.5 +yes +again/m);
    assert.match(said, /^tier +silver\nstatus +active\nhealth +(?:healthy|unknown \(no recent call or check\))$/m);
    const shown = await value<{ name: string; priceMicrocredits: number }>(['agent', 'show', 'parrot'], acme);
    assert.deepEqual([shown.name, shown.priceMicrocredits], ['parrot', 500_000]);
    assert.equal((await runCommand(['agent', 'register', 'parrot', agent.url], acme)).status, 6);
    assert.equal((await runCommand(['agent', 'show', 'missing'], acme)).status, 5);
  });

  it('cards are updated, compared and decided about', async () => {
    await told(['agent', 'register', 'guarded', agent.url, '--card-approval', 'always'], acme);
    const original = await told(['agent', 'show', 'guarded', '--original'], acme);
    const card = JSON.parse(original) as { skills: object[]; version: string };
    assert.ok(original.includes(agent.url));
    const file = join(mkdtempSync(join(tmpdir(), 'colloquy-cards-')), 'card.json');
    const more = { id: 'more', name: 'More', description: 'Says more.', tags: ['more'] };
    writeFileSync(file, JSON.stringify({ ...card, version: '2.0.0', skills: [...card.skills, more] }));
    const updated = await told(['agent', 'update', 'guarded', '--card-file', file], acme);
    assert.match(updated, /^Card version 2 of guarded waits/);
    const diff = await told(['agent', 'diff', 'guarded'], acme);
    assert.match(diff, /^~ version: "1\.0\.0" → "2\.0\.0"$/m);
    assert.match(diff, /^\+ skills\[more\]: /m);
    assert.match(diff, /^Security-relevant: skills\.$/m);
    assert.match(await told(['agent', 'show', 'guarded'], acme), /^pending +card version 2/m);
    assert.match(await told(['agent', 'approve', 'guarded', '2'], acme), /Approved card version 2 of guarded\./);
    assert.equal((await runCommand(['agent', 'reject', 'guarded', '2'], acme)).status, 6);
    assert.match(await told(['agent', 'versions', 'guarded'], acme), /^2 +in use +2\.0\.0 .*unsigned\n1 +approved/m);
    await told(['agent', 'deregister', 'guarded'], acme);
  });

  it('card keys and the card policy are kept', async () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' };
    const file = join(mkdtempSync(join(tmpdir(), 'colloquy-keys-')), 'key.json');
    writeFileSync(file, JSON.stringify({ ...jwk, y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }));
    const add = ['card-key', 'add', 'Acme', file, '--kid', 'acme/1'];
    assert.equal(await told(add, acme), 'Trusting acme/1 (ES256).\n');
    assert.equal((await runCommand(add, acme)).status, 6);
    assert.match(await told(['card-key', 'list'], acme), /^acme\/1 +Acme +ES256 +trusted/m);
    await told(['card-key', 'revoke', 'acme/1'], acme);
    assert.match(await told(['card-key', 'list'], acme), /^acme\/1 +Acme +ES256 +revoked/m);
    assert.match(await told(['card-policy', '--signatures', 'require'], acme), /signatures +require\napproval +signed/);
    const refused = await runCommand(['agent', 'register', 'unsigned', agent.url], acme);
    assert.equal(refused.status, 3);
    assert.match(refused.stderr, /only cards signed with a key it trusts/);
    assert.match(await told(['card-policy', '--signatures', 'accept'], acme), /signatures +accept/);
    assert.equal((await runCommand(['card-policy', '--approval', 'maybe'], acme)).status, 2);
  });

  it('the certificates of every place that an agent runs at are checked, listed and pinned', async () => {
    const shown = [await selfSigned({ ips: ['127.0.0.1'] }), await selfSigned({ ips: ['127.0.0.1'] })] as const;
    const sites = shown.map(({ certificate, key }) => createTlsServer({ cert: certificate, key }));
    for (const site of sites) await once(site.listen(0, '127.0.0.1'), 'listening');
    const [home = '', second = ''] = sites.map(
      (site) => `https://127.0.0.1:${String((site.address() as AddressInfo).port)}`,
    );
    await told(['agent', 'register', 'spread', agent.url], acme);
    for (const origin of [home, second]) await told(['instance', 'add', 'spread', `${origin}/`], acme);
    const text = await told(['certificate', 'check', 'spread'], acme);
    for (const origin of [home, second]) assert.match(text, new RegExp(`^endpoint +${origin}\ninstances +ins_`, 'm'));
    assert.equal(text.match(/^problem +DEPTH_ZERO_SELF_SIGNED_CERT$/gm)?.length, 2);
    assert.match(text, /^not checked +registry\.endpoint-plain$/m);
    const check = ['certificate', 'check', 'spread', '--endpoint', second];
    const one = await value<{ origin: string; seen: { keyPin: string } }>(check, acme);
    assert.deepEqual([one.origin, one.seen.keyPin], [second, shown[1].pin]);
    const pinned = await told(['certificate', 'pin', 'spread', '--key', shown[1].pin], acme);
    assert.match(pinned, new RegExp(`^${home} presented another key`, 'm'));
    const list = await told(['certificate', 'list'], acme);
    assert.match(list, new RegExp(`^spread +${home} .*DEPTH_ZERO_SELF_SIGNED_CERT, key not pinned +1$`, 'm'));
    assert.match(list, new RegExp(`^spread +${second} .*DEPTH_ZERO_SELF_SIGNED_CERT +1$`, 'm'));
    assert.equal(list.match(/^spread /gm)?.length, 3);
    assert.ok(!pinned.includes(`${second} presented`), 'the endpoint with the pinned key gets no warning');
    await told(['agent', 'deregister', 'spread'], acme);
    for (const site of sites) site.close();
  });

  it('a message is sent, as a whole and as a stream', async () => {
    assert.match(await told(['send', 'parrot', 'one two'], acme), /^one two \ncompleted {2}task tsk_/);
    const streamed = await told(['send', '--stream', 'parrot', 'one two'], acme);
    assert.match(
      streamed,
      /^submitted {2}task tsk_\w+ {2}0\.5 credits reserved\none two \ncompleted {2}cost 0\.5 credits\n$/,
    );
    const [, streamedId = ''] = /task (tsk_\w+)/.exec(streamed) ?? [];
    assert.match(await told(['task', 'show', streamedId], acme), /^state +completed$/m);
    const lines = (await told(['send', '--stream', 'parrot', 'x', '--json'], acme)).trimEnd().split('\n');
    const kinds = lines.map((line) => Object.keys(JSON.parse(line) as object)[0]);
    assert.deepEqual(kinds, ['task', 'artifactUpdate', 'statusUpdate']);
    const failed = await runCommand(['send', 'parrot', 'fail'], acme);
    assert.equal(failed.status, 10);
    assert.match(failed.stdout, /^No\.\nfailed/);
    assert.match(await told(['credits', 'balance'], acme), /^used {7}1\.5$/m);
  });

  it('the same message id does the work once', async () => {
    const argv = ['send', 'parrot', 'x', '--message-id', 'mine'];
    type Answer = { readonly task: { readonly id: string } };
    const [one, two] = [await value<Answer>(argv, acme), await value<Answer>(argv, acme)];
    assert.equal(two.task.id, one.task.id);
  });

  it('a task is shown, watched and canceled', async () => {
    const argv = ['send', 'parrot', 'wait', '--no-wait'];
    const { task } = await value<{ task: { id: string } }>(argv, acme);
    const watching = runCommand(['task', 'watch', task.id], acme);
    assert.match(await told(['task', 'cancel', task.id], acme), /canceled {2}task/);
    const watched = await watching;
    assert.equal(watched.status, 10);
    assert.match(watched.stdout, /canceled {2}.*cost 0 credits, 0\.5 released\n$/);
    const shown = await told(['task', 'show', task.id], acme);
    assert.match(shown, /^state +canceled$/m);
    assert.match(shown, /^ROUTING\n.* of 1: only-instance/m);
    assert.match(shown, /^1 +task +submitted +\d{4}-/m);
    assert.match((await runCommand(['task', 'watch', task.id], acme)).stdout, /^canceled/m);
    assert.equal((await runCommand(['task', 'show', 'tsk_none'], acme)).status, 5);
  });

  it('the audit is told, newest last', async () => {
    const text = await told(['audit', 'tail', '--lines', '3'], acme);
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines.at(-1) ?? '', /task\.canceled +failed +tsk_/);
    assert.deepEqual(lines, [...lines].sort());
    type Entry = { readonly action: string; readonly outcome: string };
    const entries = await value<readonly Entry[]>(['audit', 'tail', '--resource', 'agents/parrot'], acme);
    assert.ok(entries.every(({ action }) => action === 'agent.registered'));
    assert.deepEqual(
      entries.map(({ outcome }) => outcome === 'succeeded'),
      [true, false],
      'the second registration was refused',
    );
  });

  it('the audit is followed until Ctrl-C, each entry once', async () => {
    const following = startCommand(['audit', 'tail', '--follow', '--json', '--lines', '1'], acme);
    const ids: string[] = [];
    for (const word of ['one', 'two', 'three']) {
      const { task } = await value<{ task: { id: string } }>(['send', 'parrot', word], acme);
      await eventually(`the entry of ${task.id}`, () => following.stdout.includes(task.id));
      ids.push(task.id);
    }
    following.interrupt();
    const { status, stdout } = await following.result;
    assert.equal(status, 0);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { entryId: string; resource: string });
    const seen = entries.map(({ resource }) => resource).filter((resource) => ids.includes(resource));
    assert.deepEqual(seen, ids);
    assert.equal(new Set(entries.map(({ entryId }) => entryId)).size, entries.length);
  });

  it('audit entries are kept for a time, and pruned when they are exported and old enough', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'colloquy-audit-')), 'audit.jsonl');
    const at = ['--tenant', 'acme'];
    assert.match(await told(['audit', 'retention', ...at], operator), /Entries are kept for ever/);
    const tooShort = await runCommand(['audit', 'retention', '--keep-days', '29', ...at], operator);
    assert.equal(tooShort.status, 2);
    assert.match(tooShort.stderr, /whole number from 30 to 3650/);
    const set = await told(['audit', 'retention', '--keep-days', '400', ...at], operator);
    assert.match(set, /kept for 400 days at least/);
    await eventually('entries are sealed', async () =>
      /Wrote [1-9]/.test(await told(['audit', 'export', file, ...at], operator)),
    );
    const pruned = await value<object>(['audit', 'prune', file, ...at], operator);
    assert.deepEqual(pruned, { prunedThroughSeq: 0, entries: 0 }, 'all of them are young');
    assert.match(await told(['audit', 'verify', file], acme), /^Intact: \d+ entries/);
    const rootless = await runCommand(['audit', 'verify', file, '--after-seq', '1'], acme);
    assert.match(rootless.stdout, /^NOT intact at sequence 2: no signed checkpoint stands where/);
    writeFileSync(file, 'torn');
    assert.match((await runCommand(['audit', 'prune', file, ...at], operator)).stderr, /is no audit entry/);
  });

  it('the doctor finds the platform and a token', async () => {
    type Report = { readonly findings: readonly { readonly check: string; readonly level: string }[] };
    const { stdout } = await runCommand(['doctor', '--json'], acme);
    const { findings } = JSON.parse(stdout) as Report;
    const levelOf = (name: string) => findings.find(({ check }) => check === name)?.level;
    assert.deepEqual([levelOf('node'), levelOf('platform'), levelOf('token')], ['ok', 'ok', 'ok']);
    const wrong = { ...acme, COLLOQUY_CLIENT_SECRET: 'cls_wrong' };
    const refused = await runCommand(['doctor'], wrong);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /^fail {2}token/m);
    assert.doesNotMatch(refused.stdout, /cls_wrong/);
  });

  it('a forgotten profile is named in the error, with its tenant and client and without its secret', async () => {
    const clientId = operator['COLLOQUY_CLIENT_ID'] ?? '';
    const forgotten = { XDG_CONFIG_HOME: platform.env['XDG_CONFIG_HOME'] ?? '' };
    const { status, stderr } = await runCommand(['send', 'parrot', 'hello'], forgotten);
    assert.equal(status, 5);
    assert.ok(stderr.includes(`\n  acting as: client ${clientId} in tenant system (profile "default")\n`), stderr);
    assert.match(await told(['agent', 'list'], forgotten), /^Tenant system has no agents\./);
    assert.match(await told(['credits', 'balance'], forgotten), /^tenant +system\n/);
    const { stdout } = await runCommand(['send', 'parrot', 'hello', '--json'], forgotten);
    const { error } = JSON.parse(stdout) as { error: { actingAs: object } };
    assert.deepEqual(error.actingAs, { tenant: 'system', clientId, profile: 'default' });
    assert.doesNotMatch(stderr + stdout, /cls_/);
  });

  it('what a tenant may not do is told by the exit status, and nothing is done', async () => {
    assert.equal((await runCommand(['tenant', 'create', 'evil'], acme)).status, 4);
    assert.equal((await runCommand(['credits', 'grant', 'acme', '1'], acme)).status, 4);
    assert.equal((await runCommand(['agent', 'list', '--tenant', 'system'], acme)).status, 5);
    assert.equal((await runCommand(['token'], { ...acme, COLLOQUY_CLIENT_SECRET: 'no' })).status, 4);
    assert.doesNotMatch(await told(['tenant', 'list'], operator), /evil/);
  });

  it('a message id that another message had says to use another one', async () => {
    await told(['send', 'parrot', 'x', '--message-id', 'taken'], acme);
    const other = await runCommand(['send', 'parrot', 'other words', '--message-id', 'taken'], acme);
    assert.match(other.stderr, /used with another message.*\n +what to do: Use another --message-id/);
    assert.doesNotMatch(other.stderr, /remove the existing one/);
  });

  it('a budget that is too small says to give a higher one, and not to ask for credits', async () => {
    const { stderr, status } = await runCommand(['send', 'parrot', 'x', '--budget', '0.1'], acme);
    assert.equal(status, 7);
    assert.match(stderr, /The budget of the message.* does not cover the price/);
    assert.match(stderr, /what to do: Give a higher --budget; "colloquy agent show/);
    assert.doesNotMatch(stderr, /more credits/);
  });

  it('an agent is deregistered and a client revoked', async () => {
    assert.match(await told(['agent', 'deregister', 'parrot'], acme), /Deregistered parrot/);
    assert.equal((await runCommand(['send', 'parrot', 'x'], acme)).status, 5);
    const clientId = acme['COLLOQUY_CLIENT_ID'] ?? '';
    assert.match(await told(['client', 'revoke', clientId, '--tenant', 'acme'], operator), /Revoked/);
    assert.equal((await runCommand(['token'], acme)).status, 4);
  });
});
