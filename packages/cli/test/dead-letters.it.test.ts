/** Guarantee: commands list dead-lettered tasks with their reason and replay each once, for people and, with --json, for programs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { runCommand } from './run-command.ts';

interface DeadLetteredTask {
  readonly taskId: string;
  readonly reason: string;
  readonly replayedAs?: string;
}

describe('commands for dead letters', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  before(async () => {
    platform = await startTestPlatform();
    tenant = await platform.createTenant('acme');
    const agent = await serveAgent({
      card: { name: 'Gone', description: 'Is not there any more.', skills: [] },
      handle: (_message, task) => task.complete('Done.'),
    });
    await tenant.client.admin.registerAgent({ body: { name: 'gone', cardUrl: new URL(agent.url).origin } });
    await agent.close({ graceMs: 0 });
  });
  after(() => platform[Symbol.asyncDispose]());

  async function run(...argv: readonly string[]): Promise<{ readonly status: number | null; readonly stdout: string }> {
    const { slug, clientId, clientSecret } = tenant;
    return runCommand(argv, {
      COLLOQUY_URL: platform.url,
      COLLOQUY_TENANT: slug,
      COLLOQUY_CLIENT_ID: clientId,
      COLLOQUY_CLIENT_SECRET: clientSecret,
    });
  }
  const deadLettered = async (...filter: readonly string[]): Promise<readonly DeadLetteredTask[]> =>
    JSON.parse((await run('dead-letter', 'list', ...filter, '--json')).stdout) as readonly DeadLetteredTask[];

  it('list them with their reasons, and send each again once', async () => {
    assert.match((await run('dead-letter', 'list')).stdout, /There are no dead-lettered tasks/);
    assert.equal((await run('send', 'gone', 'hello')).status, 10, 'the task failed');
    const [dead, ...more] = await deadLettered('--agent', 'gone', '--reason', 'tries-used');
    assert.ok(dead !== undefined && more.length === 0);
    assert.match(
      (await run('dead-letter', 'list')).stdout,
      new RegExp(`^${dead.taskId} +gone +tries-used +upstream`, 'm'),
    );
    assert.deepEqual(await deadLettered('--reason', 'poisoned'), []);
    const replayed = await run('dead-letter', 'replay', dead.taskId);
    assert.equal(replayed.status, 0);
    const [, again = ''] = /was sent again as (tsk_\w+)\.\n$/.exec(replayed.stdout) ?? [];
    assert.notEqual(again, dead.taskId);
    const once = JSON.parse((await run('dead-letter', 'replay', dead.taskId, '--json')).stdout) as object;
    assert.deepEqual(once, { taskId: again, replayOf: dead.taskId });
    assert.equal((await deadLettered()).find(({ taskId }) => taskId === dead.taskId)?.replayedAs, again);
    assert.equal((await run('dead-letter', 'replay', 'tsk_none')).status, 5, 'there is no such task');
    await run('task', 'cancel', again);
  });
});
