/** Guarantee: a client asks for a token when it needs one and not oftener, and a refused token does not stop it. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { ColloquyError, createClient } from '@colloquy/sdk/client';

/** An OAuth 2 server (RFC 6749) with one guarded address, scripted by the test. */
class World implements AsyncDisposable {
  issued = 0;
  lifeSeconds = 600;
  nowMs = 1_000_000;
  /** Tokens that the guarded address refuses. */
  readonly revoked = new Set<string>();
  readonly seen: { readonly authorization: string | undefined; readonly body: string }[] = [];
  readonly guarded: string[] = [];
  /** Answers of the token endpoint before it works. */
  readonly failures: number[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async client(clientSecret = 'a secret/+%') {
    if (!this.#server.listening) {
      await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    }
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const backoff = { random: () => 0, pause: () => Promise.resolve() };
    const baseUrl = `http://127.0.0.1:${address.port}`;
    const nowMs = () => this.nowMs;
    return createClient({ baseUrl, tenant: 'acme', clientId: 'cli:1', clientSecret, backoff, nowMs });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/oauth/token') return this.#issue(request, response, body);
    const token = request.headers.authorization ?? '';
    this.guarded.push(token);
    response.statusCode = this.revoked.has(token) ? 401 : 200;
    const refusal = { code: 'access.unauthenticated', detail: 'no' };
    response.end(JSON.stringify(response.statusCode === 401 ? refusal : { items: [], next: null }));
  }

  #issue(request: IncomingMessage, response: ServerResponse, body: string): void {
    this.seen.push({ authorization: request.headers.authorization, body });
    const failure = this.failures.shift();
    response.statusCode = failure ?? 200;
    if (failure !== undefined) return void response.end(JSON.stringify({ error: 'invalid_client' }));
    this.issued += 1;
    const issued = {
      access_token: `t${this.issued}`,
      expires_in: this.lifeSeconds,
      token_type: 'Bearer',
      scope: 'a2a:read',
    };
    response.end(JSON.stringify(issued));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('access tokens', () => {
  it('are asked for once, however many calls wait, and kept', async () => {
    await using world = new World();
    const client = await world.client();
    await Promise.all(Array.from({ length: 20 }, () => client.admin.listAgents()));
    await client.admin.listAgents();
    assert.equal(world.issued, 1);
    assert.deepEqual(new Set(world.guarded), new Set(['Bearer t1']));
  });

  it('prove the client by Basic authentication, form-encoded first', async () => {
    await using world = new World();
    await (await world.client()).token();
    const [id, secret] = Buffer.from(world.seen[0]?.authorization?.slice('Basic '.length) ?? '', 'base64')
      .toString()
      .split(':');
    assert.equal(id, 'cli%3A1');
    assert.equal(secret, 'a+secret%2F%2B%25');
    assert.equal(world.seen[0]?.body, 'grant_type=client_credentials');
  });

  it('are replaced shortly before their end', async () => {
    await using world = new World();
    const client = await world.client();
    assert.equal(await client.token(), 't1');
    world.nowMs += 569_999;
    assert.equal(await client.token(), 't1');
    world.nowMs += 1;
    assert.equal(await client.token(), 't2');
  });

  it('are replaced once when they are refused, and a refusal of the new one stands', async () => {
    await using world = new World();
    const client = await world.client();
    world.revoked.add('Bearer t1');
    await client.admin.listAgents();
    assert.deepEqual(world.guarded, ['Bearer t1', 'Bearer t2']);
    for (const token of ['Bearer t2', 'Bearer t3']) world.revoked.add(token);
    const refusal = await client.admin.listAgents().catch((error: unknown) => error);
    assert.ok(refusal instanceof ColloquyError);
    assert.equal(refusal.code, 'access.unauthenticated');
    assert.equal(world.issued, 3);
  });

  it('are asked for again while the endpoint is unavailable, and not when it says no', async () => {
    await using world = new World();
    world.failures.push(503, 429);
    assert.equal(await (await world.client()).token(), 't1');
    world.failures.push(401);
    const refusal = await (await world.client('wrong')).token().catch((error: unknown) => error);
    assert.ok(refusal instanceof ColloquyError);
    assert.equal(refusal.kind, 'unauthenticated');
    assert.doesNotMatch(String(refusal), /wrong/);
    assert.equal(world.seen.length, 4);
  });
});
