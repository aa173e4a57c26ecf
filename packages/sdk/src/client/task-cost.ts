import type { JsonObject, Message, Task } from '@colloquy/protocol';
import { extensionsHeader } from '@colloquy/protocol/v1';

/** The platform's extension by which tasks tell what they cost. */
const costExtension = 'urn:colloquy:extension:cost:v1';

/** What a task costs its tenant. Texts are decimal credits; the numbers are the same in millionths of a credit. */
export interface TaskCost {
  /** Reserved when the task was recorded. */
  readonly reserved: string;
  /** Charged at the end; "0" before. */
  readonly settled: string;
  /** The part of the reservation that was refunded at the end; "0" before. */
  readonly released: string;
  readonly reservedMicrocredits: number;
  readonly settledMicrocredits: number;
  readonly releasedMicrocredits: number;
}

/** Requests what a call's tasks cost. */
export interface CostOption {
  /** The tasks of the answer, and the last event of a stream, say what they cost: read it with `taskCost`. */
  readonly showCost?: boolean | undefined;
}

/** The cost in a task, in a message that ended one, or in the status update that ends a stream. Undefined where none is told. */
export function taskCost({ metadata }: Pick<Task | Message, 'metadata'>): TaskCost | undefined {
  const told = metadata?.[costExtension];
  return isCost(told) ? told : undefined;
}

/** The header that requests costs. */
export function costHeaders({ showCost = false }: CostOption): Readonly<Record<string, string>> {
  return showCost ? { [extensionsHeader]: costExtension } : {};
}

const amounts = ['reserved', 'settled', 'released'] as const;

function isCost(told: unknown): told is TaskCost {
  if (typeof told !== 'object' || told === null) return false;
  const members: Partial<JsonObject> = { ...told };
  return amounts.every(
    (name) => typeof members[name] === 'string' && typeof members[`${name}Microcredits`] === 'number',
  );
}
