import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sourceCondition } from '../process/program.ts';

/** Called while a generator runs: when its measured window opens and when it closes. */
export interface WindowObserver {
  opened(): void;
  closed(): void;
}

/**
 * Runs a load generator once, in its own process: it reads its order as JSON from its standard input and prints one JSON line when
 * the measured window opens, one when it closes, and its result at the end. Rejects when it ends without a result.
 */
export async function runGenerator<Result>(script: URL, order: object, observer?: WindowObserver): Promise<Result> {
  const child = spawn(process.execPath, [sourceCondition, fileURLToPath(script)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.stdin.end(JSON.stringify(order));
  let result: Result | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { event: 'measuring' | 'measured' | 'result'; result?: Result };
    if (said.event === 'measuring') observer?.opened();
    if (said.event === 'measured') observer?.closed();
    result = said.result;
  }
  process.off('exit', endWithUs);
  if (result === undefined) throw new Error('the load generator ended without a result');
  return result;
}
