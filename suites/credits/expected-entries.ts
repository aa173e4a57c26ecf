import type { NewTask } from '@colloquy/server/test';
import { uuidOf } from '@colloquy/server/test';
import type { TaskEnding, TaskPlace } from './drafts.ts';

/**
 * An entry that an operation must leave in the ledger: tenant, reservation, kind and amount in one line, so that what must be and what is can be
 * compared as sets. `excess` is what a task cost above its reservation, however much of it was charged, is owed, or was not collected.
 */
export type EntryLine = string;

export function entryLine(tenantId: string, reservationId: string, kind: string, amount: bigint): EntryLine {
  return `${tenantId} ${reservationId} ${kind} ${amount}`;
}

/** The lines of those amounts that are not zero: nothing is written of a free task. */
function linesOf(
  { tenantId, taskId }: Pick<TaskPlace, 'tenantId' | 'taskId'>,
  amounts: Readonly<Record<string, bigint>>,
): EntryLine[] {
  return Object.entries(amounts).flatMap(([kind, amount]) =>
    amount === 0n ? [] : [entryLine(uuidOf(tenantId), uuidOf(taskId), kind, amount)],
  );
}

export function entriesOfReserve(task: NewTask): EntryLine[] {
  return linesOf(task, { reserve: task.reserveMicrocredits });
}

/** docs/specs/credits.md in a few lines: completed work costs its price up to the reservation, the rest goes back, and everything else is free. */
export function entriesOfEnd(place: TaskPlace, { how, priceMicrocredits, isMetered }: TaskEnding): EntryLine[] {
  const held = place.reservedMicrocredits;
  if (how === 'expire') return linesOf(place, { expire: held });
  if (how !== 'complete') return linesOf(place, { release: held });
  const price = priceMicrocredits ?? held;
  const settled = price < held ? price : held;
  return linesOf(place, {
    settle: settled,
    release: held - settled,
    excess: isMetered === true && price > held ? price - held : 0n,
  });
}

/** Lines that are in one of the two and not in the other, or more often; a few of each. */
export function differences(expected: readonly EntryLine[], found: readonly EntryLine[]): readonly string[] {
  const counts = new Map<EntryLine, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1);
  return Array.from(counts).flatMap(([line, count]) =>
    count === 0 ? [] : [`${count > 0 ? 'is missing' : 'is too much'}: ${line}`],
  );
}
