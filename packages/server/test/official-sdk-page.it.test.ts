/** Guarantee: the program in the how-to for the official A2A SDK calls an agent as it stands there, and without a token it calls nothing. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

const page = new URL('../../../docs/how-to/use-an-official-a2a-sdk.md', import.meta.url);

describe('the how-to for the official A2A SDK', () => {
  let setting: A2aSetting;
  let program: string;
  before(async () => {
    setting = await startA2aSetting();
    [, program = ''] = /```js\n([^]+?)```/.exec(await readFile(page, 'utf8')) ?? [];
  });
  after(() => setting[Symbol.asyncDispose]());

  /** Runs the program of the page with a plain Node, and gives what it prints. */
  async function run(token: string): Promise<string> {
    const env = { AGENT_URL: `${setting.platform.url}${setting.path}/`, TOKEN: token };
    const argv = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, argv, {
      cwd: import.meta.dirname,
      env,
      timeout: 60_000,
    });
    return stdout;
  }

  it('sends a message to an agent and prints the task', async () => {
    const task: unknown = JSON.parse(await run(await setting.tokenFor(setting.tenant)));
    assert.match(JSON.stringify(task), /"id":"tsk_[0-9a-f]{32}"/);
    assert.deepEqual(setting.agent.heard, ['Hello']);
  });

  it('is refused on the card with another token, and reaches no agent', async () => {
    const heard = setting.agent.heard.length;
    await assert.rejects(run('no-token'), /401/);
    assert.equal(setting.agent.heard.length, heard);
  });
});
