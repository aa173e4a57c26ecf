import type { LoadOrder, LoadResult } from './measurement.ts';
import { runGenerator } from './run-generator.ts';
import type { WindowObserver } from './run-generator.ts';

/** Runs the load generator once, in its own process. Rejects when it ends without a result. */
export const runLoad = (order: LoadOrder, observer?: WindowObserver): Promise<LoadResult> =>
  runGenerator(new URL('../load-generator.ts', import.meta.url), order, observer);
