/** Guarantee: programs end in order at the first signal, whichever it is, and at once at the second. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

const program = `
  import { firstSignal } from ${JSON.stringify(new URL('first-signal.ts', import.meta.url).href)};
  const ended = firstSignal(() => 7);
  const running = setInterval(() => undefined, 60_000);
  console.log('ready');
  const status = await ended;
  if (process.argv[1] === 'slow') {
    console.log('ending');
    await new Promise(() => undefined);
  }
  clearInterval(running);
  process.exitCode = status;
`;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  describe(signal, () => {
    for (const [name, speed, status] of [
      ['ends a program with the status that it gives', 'quick', 7],
      ['ends one at once that is ending already', 'slow', 130],
    ] as const)
      it(name, async () => {
        const argv = ['--input-type=module', '--eval', program, speed];
        const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
        // The slow one is told again when it says that it is ending.
        child.stdout[speed === 'slow' ? 'on' : 'once']('data', () => child.kill(signal));
        assert.deepEqual(await once(child, 'exit'), [status, null]);
      });
  });
