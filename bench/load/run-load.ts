import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sourceCondition } from '../process/program.ts';
import type { LoadOrder, LoadResult } from './measurement.ts';

/** Called while the generator runs: when its measured window opens and when it closes. */
export interface WindowObserver {
  opened(): void;
  closed(): void;
}

/** Runs the load generator once, in its own process. Rejects when it ends without a result. */
export async function runLoad(order: LoadOrder, observer: WindowObserver): Promise<LoadResult> {
  const script = fileURLToPath(new URL('../load-generator.ts', import.meta.url));
  const child = spawn(process.execPath, [sourceCondition, script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.stdin.end(JSON.stringify(order));
  let result: LoadResult | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { event: 'measuring' | 'measured' | 'result'; result?: LoadResult };
    if (said.event === 'measuring') observer.opened();
    if (said.event === 'measured') observer.closed();
    result = said.result;
  }
  process.off('exit', endWithUs);
  if (result === undefined) throw new Error('the load generator ended without a result');
  return result;
}
