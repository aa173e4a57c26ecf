/**
 * Guarantee: people sign in with a name and a password on pages that need no scripts, and let programs act for them; what is stolen on the
 * way is worth nothing, and what they or their tenant take back is out on every node. T11, T12, T26, T41.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OperationAnswer, Person } from '@colloquy/sdk/client';
import { formIn, newVerifier, TestBrowser } from '@colloquy/testkit';
import type { Verifier } from '@colloquy/testkit';
import { decodeJwt } from 'jose';
import { publicUrl } from './cluster-setting.ts';
import { issue, postForm, startTwoNodes, statusFor, untilRefused } from './revocation-setting.ts';
import type { TwoNodes } from './revocation-setting.ts';

const redirectUri = 'https://console.example.org/back';
const password = 'correct horse battery staple';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly error?: string;
}

describe('signing in', () => {
  let setting: TwoNodes;
  let here: string;
  let there: string;
  let client: { readonly clientId: string; readonly clientSecret: string };
  let publicClientId: string;
  let peopleMade = 0;

  before(async () => {
    setting = await startTwoNodes(false);
    [here, there] = [setting.nodes[0].url, setting.nodes[1].url];
    const { admin } = setting.tenant.client;
    const scopes = ['a2a:send', 'a2a:read', 'audit:read'];
    client = await admin.createClient({ body: { name: 'Console <b>', scopes } });
    await admin.setSignIn({ client: client.clientId, body: { redirectUris: [redirectUri] } });
    ({ clientId: publicClientId } = await admin.createClient({ body: { name: 'Program', scopes } }));
    await admin.setSignIn({
      client: publicClientId,
      body: { redirectUris: ['http://127.0.0.1:8765/back'], public: true },
    });
  });
  after(() => setting[Symbol.asyncDispose]());

  const newPerson = async (): Promise<Person> => {
    const loginName = `ada${(peopleMade += 1)}@example.org`;
    const made = await setting.tenant.client.admin.createPerson({
      body: { loginName, scopes: ['a2a:send', 'a2a:read'] },
    });
    await setFirstPassword(made);
    return made;
  };

  async function setFirstPassword({ passwordLink }: OperationAnswer<'createPasswordLink'>): Promise<void> {
    const browser = new TestBrowser(there);
    const address = passwordLink.slice(publicUrl.length);
    const form = formIn(await (await browser.get(address)).text());
    const short = await browser.post(form.action, { ...form.fields, password: 'short' });
    assert.equal(short.status, 400);
    const set = await browser.post(form.action, { ...form.fields, password });
    assert.deepEqual([set.status, (await set.text()).includes('Your password is set')], [200, true]);
    const again = await browser.post(form.action, { ...form.fields, password: 'another password' });
    assert.equal(again.status, 400);
  }

  const authorizePath = ({ challenge }: Verifier, more: Readonly<Record<string, string>> = {}): string => {
    const asked = {
      client_id: client.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'a2a:read audit:read',
      state: 'st',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    };
    return `/oauth/authorize?${new URLSearchParams(asked).toString()}`;
  };

  /** From the client's first redirect to the answer that leads back to it. */
  async function walk(browser: TestBrowser, loginName: string, path: string): Promise<URL> {
    const signInPage = await browser.follow(await browser.get(path), publicUrl);
    const signIn = formIn(await signInPage.text());
    const answered = await browser.post(signIn.action, { ...signIn.fields, login: loginName, password });
    const consentPage = await browser.follow(answered, publicUrl);
    const consentHtml = await consentPage.text();
    const consent = formIn(consentHtml);
    const done = await browser.post(consent.action, { ...consent.fields, do: 'consent' });
    const back = await browser.follow(done, publicUrl);
    return new URL(back.headers.get('location') ?? 'http://nowhere');
  }

  const redeem = async (url: string, form: Readonly<Record<string, string>>): Promise<Tokens> =>
    (await (await postForm(`${url}/oauth/token`, client, form)).json()) as Tokens;

  const codeForm = (code: string, { verifier }: Verifier): Readonly<Record<string, string>> => ({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });

  async function tokensOf(person: Person, browser = new TestBrowser(here)): Promise<Tokens> {
    const verifier = newVerifier();
    const back = await walk(browser, person.loginName, authorizePath(verifier));
    const tokens = await redeem(there, codeForm(back.searchParams.get('code') ?? '', verifier));
    assert.equal(tokens.error, undefined);
    return tokens;
  }

  it('leads to a token on the authority of the person, no more than they hold, and says who answers', async () => {
    const person = await newPerson();
    const verifier = newVerifier();
    const browser = new TestBrowser(here);
    const back = await walk(browser, person.loginName, authorizePath(verifier));
    assert.equal(back.origin + back.pathname, redirectUri);
    assert.deepEqual([back.searchParams.get('iss'), back.searchParams.get('state')], [publicUrl, 'st']);
    const tokens = await redeem(there, codeForm(back.searchParams.get('code') ?? '', verifier));
    assert.equal(tokens.scope, 'a2a:read', 'the client may read the audit log, the person may not');
    const { sub, client_id: clientId, pk } = decodeJwt(tokens.access_token);
    assert.deepEqual([sub, clientId, pk], [person.personId, client.clientId, 'person']);
    for (const url of [here, there]) assert.equal(await statusFor(url, tokens.access_token), 200);
    assert.ok(browser.setCookies.length > 0);
    for (const cookie of browser.setCookies) assert.match(cookie, /httponly/i);
    for (const cookie of browser.setCookies.filter((line) => !line.includes('1970')))
      assert.match(cookie, /samesite=lax/i);
    const stored = JSON.stringify(await setting.cluster.rows('select * from colloquy.people, colloquy.audit_entries'));
    const log = setting.nodes.flatMap(({ logLines }) => logLines).join('\n');
    for (const text of [stored, log]) assert.equal(text.includes(password), false);
    assert.match(stored, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('shows pages that run no scripts, cannot be framed, and show what clients are called as text', async () => {
    const person = await newPerson();
    const browser = new TestBrowser(here);
    const page = await browser.follow(await browser.get(authorizePath(newVerifier())), publicUrl);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /script|unsafe/);
    assert.match(policy, /form-action 'self' https:\/\/console\.example\.org;/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    const html = await page.text();
    assert.doesNotMatch(html, /<script|\son\w+=|javascript:/i);
    const { action, fields } = formIn(html);
    const answered = await browser.post(action, { ...fields, login: person.loginName, password });
    const consent = await (await browser.follow(answered, publicUrl)).text();
    assert.match(consent, /Console &lt;b&gt;/);
    assert.doesNotMatch(consent, /audit:read|<b>/);
  });

  it('takes forms only from its own pages, and from who was asked', async () => {
    const person = await newPerson();
    const browser = new TestBrowser(here);
    const page = await browser.follow(await browser.get(authorizePath(newVerifier())), publicUrl);
    const { action, fields } = formIn(await page.text());
    const answers = { login: person.loginName, password };
    for (const csrf of ['', 'x', `${fields['csrf'] ?? ''}x`]) {
      const refused = await browser.post(action, { ...fields, ...answers, csrf });
      assert.deepEqual([refused.status, refused.headers.get('location')], [400, null]);
    }
    const other = new TestBrowser(here);
    assert.equal((await other.post(action, { ...fields, ...answers })).status, 400);
    assert.equal((await other.get(action)).status, 400);
    assert.equal((await browser.post(action, { ...fields, ...answers })).status, 303, 'the person can go on');
  });

  it('uses a code once, and takes back what it gave when it comes again, also on another node at once', async () => {
    const person = await newPerson();
    const verifier = newVerifier();
    const back = await walk(new TestBrowser(here), person.loginName, authorizePath(verifier));
    const form = codeForm(back.searchParams.get('code') ?? '', verifier);
    const wrong = await redeem(here, { ...form, code_verifier: newVerifier().verifier });
    assert.equal(wrong.error, 'invalid_grant');
    const both = await Promise.all([redeem(here, form), redeem(there, form)]);
    const given = both.filter(({ error }) => error === undefined);
    assert.ok(given.length <= 1, 'never twice');
    assert.equal((await redeem(here, form)).error, 'invalid_grant');
    for (const { access_token: token } of given) assert.ok((await untilRefused([here, there], token)) <= 5_000);
  });

  it('gives each refresh token once, and ends the grant when an old one comes again', async () => {
    const person = await newPerson();
    const first = await tokensOf(person);
    const refresh = (token: string, url: string): Promise<Tokens> =>
      redeem(url, { grant_type: 'refresh_token', refresh_token: token });
    const second = await refresh(first.refresh_token, there);
    assert.equal(second.error, undefined);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await refresh(first.refresh_token, here)).error, 'invalid_grant');
    assert.equal(
      (await refresh(second.refresh_token, there)).error,
      'invalid_grant',
      'neither the thief nor the owner',
    );
    assert.ok((await untilRefused([here, there], second.access_token)) <= 5_000);
  });

  it('asks for PKCE by S256, an exact address, and a client that people sign in through', async () => {
    const verifier = newVerifier();
    const refusals: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ scope: 'platform:operate' }, 'invalid_scope'],
      [{ resource: 'https://elsewhere.example' }, 'invalid_target'],
    ];
    for (const [more, error] of refusals) {
      const answer = await new TestBrowser(here).get(authorizePath(verifier, more));
      const back = new URL(answer.headers.get('location') ?? 'http://nowhere');
      assert.equal(back.searchParams.get('error') ?? new URLSearchParams(back.hash.slice(1)).get('error'), error);
    }
    const two = [publicUrl, `${publicUrl}/t/acme`].map((resource) => `&resource=${encodeURIComponent(resource)}`);
    const both = await new TestBrowser(here).get(authorizePath(verifier) + two.join(''));
    const asked = new URL(both.headers.get('location') ?? 'http://nowhere').searchParams;
    assert.equal(asked.get('error'), 'invalid_target', 'a person consents only to what the page shows');
    for (const redirect of [`${redirectUri}/`, `${redirectUri}?x`, 'https://evil.example/', 'javascript:alert(1)']) {
      const answer = await new TestBrowser(here).get(authorizePath(verifier, { redirect_uri: redirect }));
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], redirect);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
    }
    const plain = await setting.tenant.client.admin.createClient({ body: { name: 'No pages', scopes: ['a2a:read'] } });
    const answer = await new TestBrowser(here).get(authorizePath(verifier, { client_id: plain.clientId }));
    assert.equal(answer.status, 400);
  });

  it('lets a program without a secret act for people by its verifier, and gives it nothing of its own', async () => {
    const person = await newPerson();
    const verifier = newVerifier();
    const own = { client_id: publicClientId, redirect_uri: 'http://127.0.0.1:8765/back' };
    const back = await walk(
      new TestBrowser(here),
      person.loginName,
      authorizePath(verifier, { ...own, scope: 'a2a:read' }),
    );
    const ask = async (form: Readonly<Record<string, string>>): Promise<Tokens> => {
      const body = new URLSearchParams({ ...form, client_id: publicClientId });
      return (await (await fetch(`${there}/oauth/token`, { method: 'POST', body })).json()) as Tokens;
    };
    const form = { ...codeForm(back.searchParams.get('code') ?? '', verifier), redirect_uri: own.redirect_uri };
    const tokens = await ask(form);
    assert.equal(await statusFor(here, tokens.access_token), 200);
    assert.notEqual((await ask({ grant_type: 'client_credentials' })).error, undefined);
    const isActive = async (token: string): Promise<unknown> => {
      const body = new URLSearchParams({ token, client_id: publicClientId });
      return (
        (await (await fetch(`${there}/oauth/introspect`, { method: 'POST', body })).json()) as { active: unknown }
      ).active;
    };
    const others = await issue(here, client);
    assert.deepEqual([await isActive(tokens.access_token), await isActive(others.token)], [true, false]);
  });

  it('slows down guesses on every node, and reveals to no client whether the name or the password was wrong', async () => {
    const person = await newPerson();
    const messages = new Set<string>();
    const tryAt = async (url: string, login: string, secret: string): Promise<number> => {
      const browser = new TestBrowser(url);
      const page = await browser.follow(await browser.get(authorizePath(newVerifier())), publicUrl);
      const { action, fields } = formIn(await page.text());
      const answer = await browser.post(action, { ...fields, login, password: secret });
      messages.add(/role="alert">([^<]*)</.exec(await answer.text())?.[1] ?? '');
      return answer.status;
    };
    assert.equal(await tryAt(here, 'missing@example.org', 'a wrong password'), 400);
    assert.equal(await tryAt(here, person.loginName, 'a wrong password'), 400);
    assert.equal(messages.size, 1);
    const statuses: number[] = [];
    for (let tried = 0; tried < 8; tried += 1)
      statuses.push(await tryAt(tried % 2 === 0 ? here : there, person.loginName, 'a wrong password'));
    assert.ok(statuses.includes(429), statuses.join(' '));
    assert.equal(
      await tryAt(there, person.loginName, password),
      429,
      'also with the right one, until the wait is over',
    );
    await setting.cluster.rows('delete from colloquy.sign_in_failures');
    assert.equal(await tryAt(there, person.loginName, password), 303);
  });

  it('ends with a new password, for sessions of the old one, and for clients that act for the person', async () => {
    const { admin } = setting.tenant.client;
    const person = await newPerson();
    const other = await newPerson();
    const otherTokens = await tokensOf(other);
    const browser = new TestBrowser(here);
    const { access_token: token, refresh_token: refreshToken } = await tokensOf(person, browser);
    const halfway = new TestBrowser(here);
    const page = await halfway.follow(await halfway.get(authorizePath(newVerifier())), publicUrl);
    const signIn = formIn(await page.text());
    const resumed = await halfway.post(signIn.action, { ...signIn.fields, login: person.loginName, password });
    await setFirstPassword(await admin.createPasswordLink({ person: person.personId }));
    assert.ok((await untilRefused([there, here], token)) <= 5_000);
    const refreshed = await redeem(there, { grant_type: 'refresh_token', refresh_token: refreshToken });
    assert.equal(refreshed.error, 'invalid_grant');
    const signedOut = await browser.follow(await browser.get(authorizePath(newVerifier())), publicUrl);
    assert.match(await signedOut.text(), /type="password"/, 'the session is gone');
    assert.equal((await halfway.follow(resumed, publicUrl)).status, 400, 'and so is one that was about to begin');
    assert.equal(await statusFor(here, otherTokens.access_token), 200, 'others stay');
    const left = await setting.cluster.rows(
      `select from colloquy.oidc_records where payload::text like '%${person.personId}%'`,
    );
    assert.equal(left.length, 0);
  });

  it('refuses a password link for a person with more rights than the client that asks for the link', async () => {
    const { admin } = setting.tenant.client;
    const person = await newPerson();
    const narrow = await admin.createClient({ body: { name: 'Help desk', scopes: ['clients:write', 'a2a:read'] } });
    const { token } = await issue(here, narrow);
    const linksBefore = await setting.cluster.rows('select * from colloquy.password_links');
    const path = `${here}/api/v1/tenants/acme/people/${person.personId}/password-links`;
    const refused = await fetch(path, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    assert.equal(refused.status, 403);
    assert.deepEqual(await setting.cluster.rows('select * from colloquy.password_links'), linksBefore);
  });

  it('ends with signing out, and with the person being disabled', async () => {
    const person = await newPerson();
    const browser = new TestBrowser(here);
    const { access_token: token, refresh_token: refreshToken } = await tokensOf(person, browser);
    const page = formIn(await (await browser.get('/oauth/sign-out')).text());
    assert.equal((await browser.post(page.action, { csrf: 'x' })).status, 400);
    assert.equal((await browser.post(page.action, page.fields)).status, 200);
    assert.ok((await untilRefused([there, here], token)) <= 5_000);
    assert.equal(
      (await redeem(there, { grant_type: 'refresh_token', refresh_token: refreshToken })).error,
      'invalid_grant',
    );
    const again = await tokensOf(person);
    await setting.tenant.client.admin.setPersonAccess({ person: person.personId, body: { disabled: true } });
    assert.ok((await untilRefused([there, here], again.access_token)) <= 5_000);
    assert.equal(
      (await redeem(there, { grant_type: 'refresh_token', refresh_token: again.refresh_token })).error,
      'invalid_grant',
    );
    const refused = new TestBrowser(there);
    const signIn = formIn(
      await (await refused.follow(await refused.get(authorizePath(newVerifier())), publicUrl)).text(),
    );
    const answer = await refused.post(signIn.action, { ...signIn.fields, login: person.loginName, password });
    assert.equal(answer.status, 400);
  });

  it('does not come back with a person who is enabled again: they sign in anew', async () => {
    const person = await newPerson();
    const browser = new TestBrowser(here);
    const old = await tokensOf(person, browser);
    const { admin } = setting.tenant.client;
    await admin.setPersonAccess({ person: person.personId, body: { disabled: true } });
    await admin.setPersonAccess({ person: person.personId, body: { disabled: false } });
    assert.ok((await untilRefused([there, here], old.access_token)) <= 5_000);
    const again = await redeem(there, { grant_type: 'refresh_token', refresh_token: old.refresh_token });
    assert.equal(again.error, 'invalid_grant');
    const page = await browser.follow(await browser.get(authorizePath(newVerifier())), publicUrl);
    assert.match(await page.text(), /name="password"/, 'the browser is signed out');
    const anew = await tokensOf(person);
    for (const url of [here, there]) assert.notEqual(await statusFor(url, anew.access_token), 401);
    const left = await setting.cluster.rows(
      `select subject from colloquy.revocations r join colloquy.oidc_records o on o.record_id = r.subject`,
    );
    assert.deepEqual(left, [], 'nothing of what was revoked is kept');
  });
});
