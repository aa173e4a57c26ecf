/** Guarantee: the exit statuses in the README are those of the program, and the README answers what a user of the first hour asks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { profileFile } from '../src/connection/profile.ts';
import { checkDataDir } from '../src/doctor/machine.ts';
import { exitStatusHelp } from '../src/exit-status.ts';

describe('README', () => {
  it('lists every exit status with its meaning', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = readme.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm);
    assert.deepEqual(
      Array.from(rows, ([, status, meaning]) => [Number(status), meaning]),
      exitStatusHelp.map((row) => [...row]),
    );
  });

  it('says where the data is kept, how to delete it, and what a used messageId with other content costs', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const home = '/home/ada';
    const { found } = checkDataDir({ HOME: home, XDG_DATA_HOME: `${home}/.local/share` }, undefined);
    const folder = process.getuid?.() === 0 ? '/var/lib/colloquy' : '~/.local/share/colloquy';
    assert.ok(found.replace(home, '~').startsWith(folder), found);
    assert.ok(readme.includes(`\`${folder}\``), 'the folder of the data');
    assert.ok(profileFile({ HOME: home }).startsWith(`${home}/.config/colloquy/`));
    assert.ok(readme.includes('delete the folder that `up` prints as `data`, and `~/.config/colloquy`'));
    assert.ok(
      readme.includes('Other content with the same `messageId` is a new task, and is charged; the command and the SDK'),
    );
  });
});
