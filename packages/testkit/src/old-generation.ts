import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// The flag above puts it there.
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;

export interface GrowthPlan {
  readonly steps: number;
  /** More than the steps for which anything stays alive. */
  readonly stepsBetweenCollections: number;
}

/**
 * By how many bytes V8's old generation grows in so many steps, with collections of the young generation between them. Each of those
 * collections copies what a step leaves there, until a collection of the whole heap frees it.
 */
export async function oldGenerationGrowth(
  { steps, stepsBetweenCollections }: GrowthPlan,
  step: (at: number) => unknown,
): Promise<number> {
  const warmUps = Math.ceil(steps / 6);
  let bytesBefore = 0;
  for (let at = 0; at < warmUps + steps; at += 1) {
    if (at === warmUps) {
      collect({ type: 'major' });
      bytesBefore = oldGenerationBytes();
    }
    await step(at);
    if (at % stepsBetweenCollections === 0) collect({ type: 'minor' });
  }
  return oldGenerationBytes() - bytesBefore;
}

/** What is alive, on V8's heap and beside it. */
export function heldBytes(): number {
  // V8 frees what is beside its heap while the program goes on; a second collection waits until that is done.
  for (let times = 0; times < 2; times += 1) collect({ type: 'major' });
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function oldGenerationBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;
}
