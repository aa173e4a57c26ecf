/** Guarantee: what a run wrote is gone when it is over, but for the logs of a run that broke off. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inWorkFolder } from './work-folder.ts';
import type { WorkFolder } from './work-folder.ts';

function write(folder: WorkFolder): string {
  mkdirSync(folder.file('data'));
  writeFileSync(folder.file('data/inner.log'), 'of the database');
  writeFileSync(folder.file('platform.log'), 'what ended it');
  return folder.path;
}

describe('the folder of a run', () => {
  it('goes with everything in it', async () => {
    const path = await inWorkFolder('colloquy-folder-', (folder) => Promise.resolve(write(folder)));
    assert.ok(!existsSync(path));
  });

  it('keeps its logs, and nothing else, when the run breaks off', async () => {
    let path = '';
    const broken = inWorkFolder('colloquy-folder-', (folder) => {
      path = write(folder);
      return Promise.reject(new Error('gone'));
    });
    await assert.rejects(broken, (error: Error) => {
      assert.match(error.message, new RegExp(path));
      assert.deepEqual(error.cause, new Error('gone'));
      return true;
    });
    assert.deepEqual(readdirSync(path), ['platform.log']);
    rmSync(path, { recursive: true });
  });
});
