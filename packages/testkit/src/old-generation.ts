import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// The flag above puts it there.
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' | 'major' }) => void;

export interface GrowthPlan {
  readonly turns: number;
  /** More than anything that the turns have in common lives. */
  readonly turnsBetweenCollections: number;
}

/**
 * By how many bytes V8's old generation grows in so many turns, with collections of the young one between them. What a turn leaves there
 * costs each of those collections its copying, until one of the whole heap frees it.
 */
export async function oldGenerationGrowth(
  { turns, turnsBetweenCollections }: GrowthPlan,
  turn: (at: number) => unknown,
): Promise<number> {
  const warmUps = Math.ceil(turns / 6);
  let bytesBefore = 0;
  for (let at = 0; at < warmUps + turns; at += 1) {
    if (at === warmUps) {
      collect({ type: 'major' });
      bytesBefore = oldGenerationBytes();
    }
    await turn(at);
    if (at % turnsBetweenCollections === 0) collect({ type: 'minor' });
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
