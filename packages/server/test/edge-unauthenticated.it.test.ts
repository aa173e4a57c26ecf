/**
 * Guarantee: a request counts against its address exactly when it authenticates no client, whatever fields it has (T14).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '../src/kernel/caller.ts';
import { startHttp } from './access-http-fixture.ts';

describe('a request', () => {
  const credentials = [{ authorization: 'Bearer x' }, { 'x-api-key': 'clq_x' }];

  it('counts once at an open endpoint, with and without credentials that the endpoint ignores', async () => {
    const counted: string[] = [];
    const admitUnauthenticated = (network: string): void => void counted.push(network);
    await using http = await startHttp((app) => void app.get('/open', async () => ({})), { admitUnauthenticated });
    for (const headers of [{}, ...credentials]) {
      counted.length = 0;
      assert.equal((await fetch(`${http.url}/open`, { headers })).status, 200);
      assert.deepEqual(counted, ['127.0.0.1'], JSON.stringify(headers));
    }
  });

  it('counts once where there is nothing, with and without credentials', async () => {
    const counted: string[] = [];
    const admitUnauthenticated = (network: string): void => void counted.push(network);
    await using http = await startHttp(() => undefined, { admitUnauthenticated });
    for (const headers of [{}, ...credentials]) {
      counted.length = 0;
      assert.equal((await fetch(`${http.url}/nothing`, { headers })).status, 404);
      assert.deepEqual(counted, ['127.0.0.1'], JSON.stringify(headers));
    }
  });

  it('of an authenticated client is not counted as unauthenticated, whichever credential it shows', async () => {
    const counted: string[] = [];
    const admitUnauthenticated = (network: string): void => void counted.push(network);
    const known = { principal: { id: 'cli' }, tenant: { id: 'tnt' } } as unknown as Caller;
    const onRequest = async ({ context }: { context: { caller: Caller | null } }) => void (context.caller = known);
    await using http = await startHttp((app) => void app.get('/mine', { onRequest }, async () => ({})), {
      admitUnauthenticated,
    });
    for (const headers of credentials) assert.equal((await fetch(`${http.url}/mine`, { headers })).status, 200);
    assert.deepEqual(counted, []);
  });
});
