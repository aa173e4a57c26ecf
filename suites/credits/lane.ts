import { asPlatformError } from '@colloquy/server/test';
import type {
  CreditLedgerStore,
  GrantLapseStore,
  IdSource,
  NewTask,
  NodeId,
  RecordOutcome,
  TaskStore,
  TaskWrite,
  TenantId,
  WriteOutcome,
} from '@colloquy/server/test';
import type { SeededRandom } from '../seeded-random.ts';
import { draftEnd, draftStatus } from './drafts.ts';
import type { TaskEnding, TaskPlace } from './drafts.ts';
import { entriesOfEnd } from './expected-entries.ts';
import type { EntryLine } from './expected-entries.ts';
import type { CreditTenant } from './seeds.ts';

/** The stores of the product, twice, over connections of their own: what goes through both at once shares no batch. */
export interface LaneStores {
  readonly here: TaskStore;
  readonly elsewhere: TaskStore;
  readonly ledger: CreditLedgerStore;
  readonly ledgerElsewhere: CreditLedgerStore;
  readonly lapses: GrantLapseStore;
}

export interface LaneOptions extends LaneStores {
  readonly ids: IdSource;
  readonly nodeId: NodeId;
  readonly tenants: readonly CreditTenant[];
  readonly random: SeededRandom;
}

/** A task that was recorded, with the draft that recorded it. */
export interface LaneTask {
  readonly draft: NewTask;
  place: TaskPlace;
}

/** A task that has ended, and the write that ended it. */
export interface EndedTask extends LaneTask {
  readonly write: TaskWrite;
}

/** Does an operation and answers how many calls of a store it took; 0: there is nothing that it could be done to. */
export type Operation = (lane: Lane) => Promise<number>;

const repeatsMax = 50;
const remembered = 8;

/** One line of work: does one operation after the other, and knows what each must leave in the ledger. */
export class Lane {
  readonly options: LaneOptions;
  readonly open: LaneTask[] = [];
  readonly ended: EndedTask[] = [];
  readonly expected: EntryLine[] = [];
  /** What left the wallet of each tenant with grants that expired. */
  readonly lapsed = new Map<TenantId, bigint>();
  readonly faults: string[] = [];
  /** By name of the operation. */
  readonly counts: Record<string, number> = {};
  /** Operations that were repeated because the database was too busy. */
  repeats = 0;

  constructor(options: LaneOptions) {
    this.options = options;
  }

  get tenant(): CreditTenant {
    return this.options.random.pick(this.options.tenants);
  }

  /** Takes an open task out of the lane; undefined when there is none. */
  take(isFit: (task: LaneTask) => boolean = () => true): LaneTask | undefined {
    const fit = this.open.filter(isFit);
    if (fit.length === 0) return undefined;
    const task = this.options.random.pick(fit);
    this.open.splice(this.open.indexOf(task), 1);
    return task;
  }

  /** Notes an answer that the model has not. */
  expect(isRight: boolean, what: string, answer: unknown): void {
    if (!isRight) this.faults.push(`${what}: ${inspect(answer)}`);
  }

  /** The answer; an operation that the database had no time for is done again, and never counts twice. */
  async answer<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await work();
      } catch (error) {
        if (asPlatformError(error).code !== 'platform.unavailable' || repeats >= repeatsMax) throw error;
        this.repeats += 1;
      }
    }
  }

  record(task: NewTask, store: TaskStore = this.options.here): Promise<RecordOutcome> {
    return this.answer(() => store.record(task));
  }

  write(write: TaskWrite, store: TaskStore = this.options.here): Promise<WriteOutcome> {
    return this.answer(() => store.write(write));
  }

  /** Ends a task that this lane alone knows. */
  async end(task: LaneTask, ending: TaskEnding): Promise<void> {
    const write = draftEnd(this.options.ids, task.place, ending);
    const outcome = await this.write(write);
    this.expect(outcome === 'written', `${ending.how} of an open task`, outcome);
    this.hasEnded(task, ending, write);
  }

  hasEnded(task: LaneTask, ending: TaskEnding, write: TaskWrite): void {
    this.expected.push(...entriesOfEnd(task.place, ending));
    this.ended.push({ ...task, write });
    if (this.ended.length > remembered) this.ended.shift();
  }

  async changeState(task: LaneTask, state: NonNullable<TaskWrite['state']>): Promise<void> {
    const outcome = await this.write(draftStatus(task.place, state));
    this.expect(outcome === 'written', `${state} of an open task`, outcome);
  }
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'nothing';
}
