import type { WriteOutcome } from '@colloquy/server/test';
import type { TaskEnding, TaskPlace } from './drafts.ts';
import { findFaults } from './find-faults.ts';
import { entriesOfEnd } from './expected-entries.ts';
import type { EntryLine } from './expected-entries.ts';
import type { Reserved } from './messages.ts';
import type { CreditStage } from './stage.ts';

/** How the races between two processes ended. */
export interface Races {
  readonly completed: number;
  readonly canceled: number;
  /** Won by the process that was asked after the other one. */
  readonly lastWon: number;
  readonly faults: readonly string[];
}

/** Races that begin at once, each for a task of its own. */
const atOnce = 10;
const price = 10n;

/**
 * Completes and cancels each task at once in two processes. Of every second batch the tasks wait for their callers, so that no lease decides. Each
 * must have one winner, and its hold is closed as the winner says.
 */
export async function raceAcrossProcesses(stage: CreditStage, races: number): Promise<Races> {
  const { processes, nodeId } = stage;
  const [one, other] = processes;
  if (one === undefined || other === undefined) throw new Error('A race needs two processes.');
  const tenant = await stage.seed({
    credits: price * BigInt(races),
    policy: { overagePolicy: 'cap', overageMaxMicrocredits: 0n },
  });
  const expected: EntryLine[] = [...tenant.expected];
  const faults: string[] = [];
  const won = { complete: 0, cancel: 0 };
  let lastWon = 0;
  for (let from = 0; from < races; from += atOnce) {
    const batch = from / atOnce;
    const order = { do: 'reserve', tenant, nodeId, count: atOnce, priceMicrocredits: price } as const;
    const reserved = await one.order<Reserved>(order);
    expected.push(...reserved.expected);
    let { places } = reserved;
    if (batch % 2 === 1) {
      await one.order({ do: 'ask', places });
      places = places.map((place) => ({ ...place, nodeId: null, seq: place.seq + 1 }));
    }
    // Half of the tasks are completed by the one, half by the other process; each is asked first in half of the batches.
    const endingOf = (at: number, side: number): 'complete' | 'cancel' => (at % 2 === side ? 'complete' : 'cancel');
    const sides = batch % 4 < 2 ? [one, other] : [other, one];
    const outcomes = await Promise.all(
      sides.map((process, side) => process.order<readonly WriteOutcome[]>({ do: 'end', ends: endsOf(places, side) })),
    );
    for (const [at, place] of places.entries()) {
      const winners = [0, 1].filter((side) => outcomes[side]?.[at] === 'written');
      const [winner] = winners;
      if (winner === undefined || winners.length !== 1) {
        faults.push(`${place.taskId} was ended by ${winners.length} of two processes`);
        continue;
      }
      const how = endingOf(at, winner);
      won[how] += 1;
      lastWon += winner;
      expected.push(...entriesOfEnd(place, { how }));
    }
    function endsOf(of: readonly TaskPlace[], side: number): { place: TaskPlace; ending: TaskEnding }[] {
      return of.map((place, at) => ({ place, ending: { how: endingOf(at, side) } }));
    }
  }
  faults.push(...(await findFaults(stage, [tenant], expected)));
  return { completed: won.complete, canceled: won.cancel, lastWon, faults };
}
