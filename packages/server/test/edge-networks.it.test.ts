/**
 * Guarantee (T12, T14): an IPv6 network (a /64) counts as one unauthenticated client and as one guesser of secrets and passwords, and takes
 * one share of the limit of unauthenticated connections, whichever of its 2^64 addresses sends; its neighbours lose nothing by it.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock, formIn, newVerifier, startTestPlatform, TestBrowser } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';
import { publicUrl } from './cluster-setting.ts';

/** More than the room of one network, so that each test meets its own bound first. */
const unauthenticatedBurst = limits.unauthenticatedInFlightPerAddressMax + 100;
const redirectUri = 'https://console.example.org/back';

/** A client that has a /64, and asks from the next of its addresses each time, written in the next way. */
class Network {
  readonly #prefix: string;
  #asked = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  next(): string {
    this.#asked += 1;
    const at = this.#asked.toString(16);
    const written = [
      `${this.#prefix}::${at}`,
      `${this.#prefix}:${at}:0:0:1`.toUpperCase(),
      `${this.#prefix}:ffff:ffff:ffff:${at.padStart(4, '0')}`,
      `[${this.#prefix}:0:${at}::]:4711`,
    ];
    return written[this.#asked % written.length] ?? '';
  }
}

describe('a network of IPv6', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let pool: DatabasePool;

  before(async () => {
    platform = await startTestPlatform({
      // What was used up stays so for as long as a test takes.
      clock: new FakeClock(),
      env: {
        COLLOQUY_PUBLIC_URL: publicUrl,
        COLLOQUY_TRUSTED_PROXIES: '127.0.0.1',
        COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '1',
        COLLOQUY_STRANGER_BURST_REQUESTS: String(unauthenticatedBurst),
      },
    });
    tenant = await platform.createTenant('acme');
    pool = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'networks-test' });
  });
  after(async () => {
    await pool.end();
    await platform[Symbol.asyncDispose]();
  });

  const count = async (sql: string): Promise<number> =>
    ((await pool.query(`select count(*)::int as n from ${sql}`)).rows as { n: number }[])[0]?.n ?? 0;

  it('has the rate of one unauthenticated client, and another network has its own', async () => {
    const [guesser, neighbour] = [new Network('2001:db8:0:1'), new Network('2001:db8:0:2')];
    const ask = async (from: Network, token = 'nonsense'): Promise<readonly [number, string]> => {
      const headers = { 'x-forwarded-for': from.next(), authorization: `Bearer ${token}` };
      const answer = await fetch(`${platform.url}/api/v1/tenants/acme/agents`, { headers });
      await answer.arrayBuffer();
      return [answer.status, answer.headers.get('ratelimit-policy') ?? ''];
    };
    const token = await tenant.client.token();
    assert.equal((await ask(neighbour, token))[0], 200);
    const statuses: number[] = [];
    for (let asked = 0; asked < unauthenticatedBurst + 100; asked += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(guesser)));
      statuses.push(...answers.map(([status]) => status));
    }
    assert.equal(statuses.filter((status) => status === 401).length, unauthenticatedBurst);
    assert.equal(statuses.filter((status) => status === 429).length, 100);
    assert.match((await ask(guesser))[1], new RegExp(`^"address";q=${unauthenticatedBurst};`));
    assert.equal((await ask(neighbour))[0], 401);
    assert.equal(
      (await ask(guesser, token))[0],
      200,
      'an authenticated client is limited by no other client of its network',
    );
  });

  it('has one share of the room at the token endpoint', async () => {
    const [holder, neighbour] = [new Network('2001:db8:0:3'), new Network('2001:db8:0:4')];
    const { port } = new URL(platform.url);
    const sockets: Socket[] = [];
    const answers: string[] = [];
    /** A request whose body does not come. */
    const hold = (from: Network): void => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      socket.on('data', (bytes) => void answers.push(bytes.toString()));
      const fields = ['Host: x', `X-Forwarded-For: ${from.next()}`, 'Content-Length: 20'];
      const type = 'Content-Type: application/x-www-form-urlencoded';
      socket.write(`POST /oauth/token HTTP/1.1\r\n${[...fields, type].join('\r\n')}\r\n\r\n`);
      sockets.push(socket);
    };
    try {
      for (let held = 0; held < limits.unauthenticatedInFlightPerAddressMax + 1; held += 1) hold(holder);
      await eventually('one is too many', () => answers.length > 0);
      assert.match(answers[0] ?? '', /^HTTP\/1\.1 429 /);
      assert.match(answers[0] ?? '', /slow_down/);
      const elsewhere = { 'x-forwarded-for': neighbour.next(), authorization: basic(tenant) };
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const token = await fetch(`${platform.url}/oauth/token`, { method: 'POST', headers: elsewhere, body });
      assert.equal(token.status, 200);
      assert.equal(answers.length, 1, 'and the others of the network are still waited for');
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('guesses secrets of a client as one, and its owner comes in from elsewhere', async () => {
    const [guesser, owner] = [new Network('2001:db8:0:5'), new Network('2001:db8:0:6')];
    const prove = async (from: Network, credentials: Credentials): Promise<readonly [number, string]> => {
      const headers = { 'x-forwarded-for': from.next(), authorization: basic(credentials) };
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', headers, body });
      return [answer.status, await answer.text()];
    };
    const other = await platform.operator.admin
      .forTenant('acme')
      .createClient({ body: { name: 'other', scopes: ['a2a:read'] } });
    const statuses: number[] = [];
    for (let tried = 0; tried < 3 * limits.clientAuthFailuresMax; tried += 1)
      statuses.push((await prove(guesser, { ...tenant, clientSecret: `cls_guess${tried}` }))[0]);
    const judged = statuses.filter((status) => status === 401).length;
    assert.equal(judged, limits.clientAuthFailuresMax);
    assert.ok(statuses.slice(judged).every((status) => status === 429));
    const [status, text] = await prove(guesser, tenant);
    assert.deepEqual([status, text], [429, '{"error":"slow_down"}'], 'nor would it learn of the right one');
    assert.equal((await prove(owner, tenant))[0], 200);
    assert.equal((await prove(guesser, other))[0], 200, 'and another client of the same network is none of it');
  });

  it('counts as one guesser of the password of a person, who still signs in from elsewhere', async () => {
    const [guesser, owner] = [new Network('2001:db8:0:7'), new Network('2001:db8:0:8')];
    const { admin } = tenant.client;
    const { clientId } = await admin.createClient({ body: { name: 'Console', scopes: ['a2a:read'] } });
    await admin.setSignIn({ client: clientId, body: { redirectUris: [redirectUri] } });
    const { passwordLink } = await admin.createPerson({ body: { loginName: 'ada', scopes: ['a2a:read'] } });
    const password = 'correct horse battery staple';
    const setting = new TestBrowser(platform.url, () => owner.next());
    const link = formIn(await (await setting.get(passwordLink.slice(publicUrl.length))).text());
    assert.equal((await setting.post(link.action, { ...link.fields, password })).status, 200);

    const asked = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'a2a:read',
      code_challenge: newVerifier().challenge,
      code_challenge_method: 'S256',
    };
    /** Attempts to sign in with the form of a page of its own; resolves with the answer. */
    async function tryIn(from: Network, word: string): Promise<Response> {
      const browser = new TestBrowser(platform.url, () => from.next());
      const first = await browser.get(`/oauth/authorize?${new URLSearchParams(asked).toString()}`);
      const form = formIn(await (await browser.follow(first, publicUrl)).text());
      return browser.post(form.action, { ...form.fields, login: 'ada', password: word });
    }
    const cameIn = (): Promise<number> =>
      count(`colloquy.audit_entries where action = 'person.signed-in' and outcome = 'succeeded'`);
    let judged = 0;
    let waitSeconds = 0;
    let offsetMs = 0;
    for (let tried = 0; tried < 40 && waitSeconds < 60; tried += 1) {
      const answer = await tryIn(guesser, `guess ${tried}`);
      if (answer.status !== 429) judged += 1;
      else waitSeconds = Number(answer.headers.get('retry-after'));
      // It is patient, and each time has to be more so.
      if (answer.status === 429 && waitSeconds < 60)
        await platform.database.setClockOffset((offsetMs += waitSeconds * 1_000));
    }
    assert.ok(waitSeconds >= 60, `${waitSeconds} s after ${judged} guesses`);
    assert.ok(judged >= limits.signInFailuresFree && judged < limits.signInFailuresFree + 10, String(judged));
    assert.equal((await tryIn(guesser, password)).status, 429, 'also with the right one');
    assert.equal(await cameIn(), 0);
    const came = await tryIn(owner, password);
    assert.ok(came.status === 302 || came.status === 303, String(came.status));
    assert.equal(await cameIn(), 1);
  });
});

type Credentials = Pick<TestTenant, 'clientId' | 'clientSecret'>;

function basic({ clientId, clientSecret }: Credentials): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
