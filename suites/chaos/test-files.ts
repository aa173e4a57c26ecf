import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { testTierVariable } from '@colloquy/testkit';

const root = path.join(import.meta.dirname, '../..');

/** Test files of which `npm test` runs one test each: they kill processes or run proxies. The quick tier runs all of them. */
export const chaosTestFiles: readonly string[] = [
  'packages/server/test/cluster-kill.it.test.ts',
  'packages/server/test/embedded-postgres-crash.it.test.ts',
  'packages/server/test/ledger-cuts.it.test.ts',
  'packages/server/test/limits-processes.it.test.ts',
  'packages/server/test/stop-under-load.it.test.ts',
  'examples/cluster/cluster.it.test.ts',
];

/** Lets a month of tasks of five departments end, and compares their usage with the ledger. */
export const usageTestFile = 'packages/server/test/usage-counting.it.test.ts';

/** Runs the test files with every test of theirs, and with more variables. Answers whether all passed. */
export async function runTestFiles(
  files: readonly string[],
  signal: AbortSignal,
  variables: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const args = ['--conditions=source', path.join(root, 'tools/run-tests.ts'), ...files];
  const env = { ...process.env, [testTierVariable]: 'chaos', ...variables };
  const running = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  const stop = (): void => void running.kill();
  signal.addEventListener('abort', stop, { once: true });
  const [code] = (await once(running, 'exit')) as [number | null];
  signal.removeEventListener('abort', stop);
  return code === 0;
}
