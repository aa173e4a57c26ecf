/** Guarantee: an agent with trust works for the platform alone, and for each tenant apart from the others. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer, ForwardCaller } from '@colloquy/sdk/agent';
import { post, rpc, userMessage } from './rpc.ts';
import type { RawAnswer } from './rpc.ts';

const audience = 'https://agent.example/';
const callers: (ForwardCaller | undefined)[] = [];
let platformKey: CryptoKey;
let otherKey: CryptoKey;
let jwk: JWK;
let jwks: Server;
let agent: AgentServer;

before(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  platformKey = pair.privateKey;
  otherKey = (await generateKeyPair('ES256')).privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
  jwks = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const address = jwks.address();
  assert.ok(typeof address === 'object' && address !== null);
  agent = await serveAgent({
    card: { name: 'trusting', description: 'Works for the platform.' },
    idempotent: true,
    trust: { jwksUrl: `http://127.0.0.1:${address.port}/jwks.json`, audience },
    handle: (_message, task) => void callers.push(task.caller),
  });
});
after(async () => {
  await agent.close();
  await new Promise((resolve) => jwks.close(resolve));
});

interface Forgery {
  readonly key?: CryptoKey;
  readonly aud?: string;
  readonly expiresAt?: string;
  readonly claims?: JWTPayload;
  readonly tenant?: string;
}

function sign(forgery: Forgery = {}): Promise<string> {
  const claims = forgery.claims ?? { tenant: forgery.tenant ?? 'acme', tasks: ['tsk_0', 'tsk_1'] };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setSubject('cli_1')
    .setAudience(forgery.aud ?? audience)
    .setExpirationTime(forgery.expiresAt ?? '1m')
    .sign(forgery.key ?? platformKey);
}

const send = rpc('SendMessage', userMessage('x', { messageId: 'm' }));

describe('forward trust', () => {
  it('admits the platform by either header and tells the handler the caller and the task of the request', async () => {
    const token = await sign();
    const own = { authorization: 'Bearer an-agent-credential', 'colloquy-forward-token': token };
    for (const headers of [{ authorization: `Bearer ${token}` }, own]) {
      const named = { ...headers, 'colloquy-task': 'tsk_1' };
      const { status, body } = await post(agent, rpc('SendMessage', userMessage('x')), named);
      assert.equal(status, 200);
      assert.ok(body.result !== undefined);
    }
    assert.deepEqual(
      callers,
      [1, 2].map(() => ({ subject: 'cli_1', tenant: 'acme', task: 'tsk_1' })),
    );
  });

  it('refuses every other request with 401 and does nothing', async () => {
    const before = callers.length;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.', 2).at(-1) ?? ''}.`;
    const tokens: readonly (string | undefined)[] = [
      undefined,
      'nonsense',
      unsigned,
      await sign({ key: otherKey }),
      await sign({ aud: 'https://another.example/' }),
      await sign({ expiresAt: '-1m' }),
      await sign({ claims: {} }),
    ];
    for (const token of tokens) {
      const answer = await post(agent, send, token === undefined ? {} : { authorization: `Bearer ${token}` });
      assert.equal(answer.status, 401, token);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
      assert.equal(answer.body.result, undefined);
    }
    const token = await sign();
    for (const task of ['tsk_2', 'tsk', '']) {
      const named = { authorization: `Bearer ${token}`, 'colloquy-task': task };
      assert.equal((await post(agent, send, named)).status, 401, task);
    }
    assert.equal(callers.length, before);
  });

  it('keeps the tasks of two tenants apart, also for the same message', async () => {
    const [acme, globex] = [await sign({ tenant: 'acme' }), await sign({ tenant: 'globex' })];
    const as = (token: string, body: string) => post(agent, body, { 'colloquy-forward-token': token });
    const taskIdOf = ({ body }: RawAnswer) => {
      const task = body.result?.['task'] as { id: string } | undefined;
      assert.ok(task !== undefined);
      return task.id;
    };
    const mine = taskIdOf(await as(acme, send));
    assert.equal(taskIdOf(await as(acme, send)), mine);
    assert.notEqual(taskIdOf(await as(globex, send)), mine);
    const foreign = await as(globex, rpc('GetTask', { id: mine }));
    const absent = await as(globex, rpc('GetTask', { id: 'absent' }));
    assert.equal(foreign.body.error?.code, -32001);
    assert.equal(foreign.body.error?.message, absent.body.error?.message);
    const cancel = await as(globex, rpc('CancelTask', { id: mine }));
    assert.equal(cancel.body.error?.code, -32001);
  });
});
