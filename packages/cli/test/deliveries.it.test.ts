/** Guarantee: the operator of a tenant finds failed deliveries of push notifications by command, and sends them again. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { runCommand } from './run-command.ts';

interface Row {
  readonly deliveryId: string;
  readonly state: string;
}

describe('deliveries at the command line', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  let agent: AgentServer;
  let receiver: Server;
  let status = 500;
  const ids: unknown[] = [];

  before(async () => {
    platform = await startTestPlatform({ env: { COLLOQUY_PUSH_RETRY_MS: '10' } });
    tenant = await platform.createTenant('acme');
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Says it again.', skills: [] },
      handle: (_message, task) => task.complete('Done.'),
    });
    const card = new URL('/.well-known/agent-card.json', agent.url).href;
    await tenant.client.admin.registerAgent({ body: { name: 'echo', cardUrl: card } });
    receiver = createServer((request, response) => {
      ids.push(request.headers['webhook-id']);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await agent.close({ graceMs: 100 });
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  const run = async (...argv: readonly string[]): Promise<string> => {
    const { slug, clientId, clientSecret } = tenant;
    const env = {
      COLLOQUY_URL: platform.url,
      COLLOQUY_TENANT: slug,
      COLLOQUY_CLIENT_ID: clientId,
      COLLOQUY_CLIENT_SECRET: clientSecret,
    };
    const done = await runCommand(argv, env);
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };

  it('are listed, replayed and checked', async () => {
    const { port } = receiver.address() as AddressInfo;
    const client = tenant.client.agent('echo');
    await client.send('go', { taskPushNotificationConfig: { url: `http://127.0.0.1:${String(port)}/hook` } });
    const dead = await eventually('two dead letters', async () => {
      const rows = JSON.parse(await run('delivery', 'list', '--state', 'dead', '--json')) as Row[];
      return rows.length === 2 && rows[0];
    });
    assert.match(await run('delivery', 'list'), /dead .*http-status 500/);
    status = 200;
    const seen = ids.length;
    assert.match(await run('delivery', 'replay', dead.deliveryId), new RegExp(`^${dead.deliveryId} was sent again`));
    await eventually('the replay', () => ids.length > seen);
    assert.equal(ids[seen], dead.deliveryId);
    assert.match(await run('delivery', 'secret', dead.deliveryId), /^whsec_/);
    await eventually('it settled', async () => /delivered/.test(await run('delivery', 'list', '--state', 'delivered')));
    assert.equal(ids.length, seen + 1);
  });
});
