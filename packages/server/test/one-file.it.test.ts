/** Guarantee: a platform runs from one file made of the source as it is now, and holds little memory when it has started. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { createTestDatabase, startPlatformProcess } from '@colloquy/testkit';
import { fingerprintOf } from '../src/assembly/one-file.ts';

const residentMbMax = 175;

it('the fingerprint of the source changes with every file that is edited, added or removed, and with nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'colloquy-source-'));
  try {
    const file = path.join(folder, 'one.ts');
    const at = new Date('2026-01-01T00:00:00Z');
    const write = async (text: string, time: Date): Promise<string> => {
      await writeFile(file, text);
      await utimes(file, time, time);
      return fingerprintOf([folder]);
    };
    const first = await write('let a', at);
    assert.equal(await write('let a', at), first);
    assert.notEqual(await write('let b', new Date(at.getTime() + 1)), first);
    assert.notEqual(await write('let ab', at), first);
    await write('let a', at);
    await writeFile(path.join(folder, 'two.ts'), '');
    assert.notEqual(fingerprintOf([folder]), first);
    await rm(path.join(folder, 'two.ts'));
    assert.equal(fingerprintOf([folder]), first);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it(
  `a started platform runs from the file and holds less than ${String(residentMbMax)} MB`,
  { skip: process.platform !== 'linux' },
  async () => {
    await using database = await createTestDatabase();
    await using platform = await startPlatformProcess({ database });
    const processFile = (name: string): Promise<string> => readFile(`/proc/${String(platform.pid)}/${name}`, 'utf8');
    const commandLine = (await processFile('cmdline')).replaceAll('\0', ' ');
    assert.match(commandLine, /packages\/server\/dist\/[0-9a-f]{32}\/main\.mjs/);
    const helpers = Number(/--v8-pool-size=(\d+) /.exec(commandLine)?.[1]);
    assert.ok(helpers >= 1 && helpers <= Math.min(availableParallelism(), 4), `${String(helpers)} helping threads`);
    // Importing the module would load a second HTTP client with it.
    const [program = ''] = /\S+\/main\.mjs/.exec(commandLine) ?? [];
    assert.doesNotMatch(await readFile(program, 'utf8'), /(?:from|require\()"(?:node:)?http"/);
    const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(await processFile('status'))?.[1]);
    assert.ok(residentKb / 1024 < residentMbMax, `${String(residentKb)} kB`);
  },
);
