/**
 * Guarantee: the administrator of a tenant creates people, sends them a password link, and disables and enables them by command; links are
 * shown once and work once (T11, T26).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, formIn, newVerifier, TestBrowser } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

const password = 'correct horse battery staple';
const redirectUri = 'https://console.example.org/back';

describe('people', () => {
  let setting: CommandSetting;
  let acme: Shell;
  let url: string;
  let client: { readonly clientId: string; readonly clientSecret: string };

  before(async () => {
    setting = await startCommandSetting();
    ({ acme } = setting);
    ({ url } = setting.platform);
    client = await acme.value('client', 'create', 'console', '--scope', 'a2a:send', '--scope', 'a2a:read');
  });
  after(() => setting[Symbol.asyncDispose]());

  const pathOf = (address: string): string => new URL(address).pathname + new URL(address).search;

  /** Follows a password link as a person does; the status of the last page. */
  async function setPassword(link: string): Promise<number> {
    assert.ok(link.startsWith(`${url}/oauth/password?link=`), link);
    const browser = new TestBrowser(url);
    const page = await browser.get(pathOf(link));
    const { action, fields } = formIn(await page.text());
    if (page.status !== 200 || action === '') return page.status;
    return (await browser.post(action, { ...fields, password })).status;
  }

  /** The access token that a person lets the client have; undefined when they are not let in. */
  async function signedIn(login: string): Promise<string | undefined> {
    const { verifier, challenge } = newVerifier();
    const browser = new TestBrowser(url);
    const asked = new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'a2a:read',
      state: 'st',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const page = await browser.follow(await browser.get(`/oauth/authorize?${asked.toString()}`), url);
    const signIn = formIn(await page.text());
    const answered = await browser.post(signIn.action, { ...signIn.fields, login, password });
    const html = await (await browser.follow(answered, url)).text();
    const consent = formIn(html);
    // Who is not let in is asked for the password once more.
    if (consent.action === '' || html.includes('type="password"')) return undefined;
    const done = await browser.post(consent.action, { ...consent.fields, do: 'consent' });
    const back = await browser.follow(done, url);
    const code = new URL(back.headers.get('location') ?? 'http://nowhere').searchParams.get('code');
    if (code === null) return undefined;
    const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri };
    const body = new URLSearchParams(form);
    const answer = await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
    return ((await answer.json()) as { access_token?: string }).access_token;
  }

  const statusOf = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${url}/api/v1/tenants/acme/agents`, { headers })).status;
  };

  it('are made with a link that sets their password, sign in through a client, and are kept out while they are disabled', async () => {
    assert.equal(await acme.told('person', 'list'), 'There are no people.\n');
    const said = await acme.told('person', 'create', 'ada@example.org', '--scope', 'a2a:read');
    const [, personId = ''] = /^person id +(per_[0-9a-f]{32})$/m.exec(said) ?? [];
    const [, link = ''] = /^password link +(\S+)$/m.exec(said) ?? [];
    assert.match(said, /^login name +ada@example\.org\nscopes +a2a:read$/m);
    assert.match(said, /\n\nThe link is not shown again\.\n$/);
    const row = (state: string) => new RegExp(`^${personId} +ada@example\\.org +${state} +a2a:read$`, 'm');
    assert.match(await acme.told('person', 'list'), row('no password yet'));
    assert.equal(await setPassword(link), 200);
    assert.notEqual(await setPassword(link), 200, 'a link works once');
    assert.match(await acme.told('person', 'list'), row('can sign in'));

    assert.equal(await signedIn('ada@example.org'), undefined, 'the client is not for people yet');
    const set = await acme.told('client', 'sign-in', client.clientId, '--redirect-uri', redirectUri);
    assert.equal(set, `People can sign in through ${client.clientId}, back to ${redirectUri}.\n`);
    const token = await signedIn('ada@example.org');
    assert.ok(token !== undefined);
    assert.equal(await statusOf(token), 200);

    assert.equal(await acme.told('person', 'disable', personId), `Disabled ${personId}.\n`);
    await eventually('who acts for her is out', async () => (await statusOf(token)) === 401, 10_000);
    assert.equal(await signedIn('ada@example.org'), undefined);
    assert.match(await acme.told('person', 'list'), row('disabled'));
    assert.deepEqual(await acme.value('person', 'enable', personId), { personId, disabled: false });
    const again = await signedIn('ada@example.org');
    assert.ok(again !== undefined);
    assert.equal(await statusOf(again), 200);
    assert.ok(!(await acme.told('person', 'list', '--json')).includes('link'), 'no list shows a link');
  });

  it('who lost their link get another one, and the one before works no more', async () => {
    type Created = { readonly personId: string; readonly passwordLink: string; readonly passwordLinkSeconds: number };
    const bob = await acme.value<Created>('person', 'create', 'bob@example.org', '--scope', 'a2a:read');
    assert.equal(bob.passwordLinkSeconds, 86_400);
    const said = await acme.told('person', 'reset-password', bob.personId);
    const [, link = ''] = /^(\S+)\n\nThe link is not shown again\.\n$/.exec(said) ?? [];
    assert.notEqual(link, bob.passwordLink);
    assert.notEqual(await setPassword(bob.passwordLink), 200);
    assert.equal(await setPassword(link), 200);
    assert.ok((await signedIn('bob@example.org')) !== undefined);
  });

  it('that can not be, and clients that lead nowhere safe, are refused, and nothing changes', async () => {
    const before = await acme.value<readonly object[]>('person', 'list');
    const unknownId = `per_${'0'.repeat(32)}`;
    const signIn = ['client', 'sign-in', client.clientId];
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "login-name"/, 'person', 'create'],
      [6, /login name exists already/, 'person', 'create', 'bob@example.org'],
      [3, /^ {2}loginName: /m, 'person', 'create', 'Bob!'],
      [3, /^ {2}scopes: /m, 'person', 'create', 'eve@example.org', '--scope', 'platform:operate'],
      [2, /Missing required argument "person-id"/, 'person', 'reset-password'],
      [5, /no such person/, 'person', 'reset-password', unknownId],
      [5, /no such person/, 'person', 'disable', unknownId],
      [5, /no such person/, 'person', 'enable', 'bob@example.org'],
      [2, /Missing required argument "client-id"/, 'client', 'sign-in'],
      [5, /no such client/, 'client', 'sign-in', `cli_${'0'.repeat(32)}`, '--redirect-uri', redirectUri],
      [3, /^ {2}redirectUris: must be 1 to 10/m, ...signIn],
      [3, /^ {2}redirectUris: /m, ...signIn, '--redirect-uri', 'http://elsewhere.example/back'],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, ...argv)).said, says, argv.join(' '));
    const weak = await setting.newClient('weak', 'clients:write', 'a2a:read');
    assert.equal((await weak.refused(4, 'person', 'create', 'eve@example.org')).code, 'access.scope-missing');
    assert.deepEqual(await acme.value('person', 'list'), before);
    assert.ok((await signedIn('bob@example.org')) !== undefined, 'people are sent back to where they were');
  });
});
