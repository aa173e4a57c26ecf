import type { Clock } from '../../kernel/clock.ts';
import { isId } from '../../kernel/ids.ts';
import type { NodeId, TaskId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ChainEnd, ContentDigests, EntryToSeal } from './sealed-record.ts';
import type { SealBatch, SealStore, SealTerm, TaskContent } from './seal-store.ts';
import type { ChainGrowth, CheckpointSink, Sealing } from './sealing.ts';

export interface SealerOptions {
  readonly store: SealStore;
  readonly sealing: Sealing;
  readonly sink: CheckpointSink;
  readonly clock: Clock;
  readonly times: SealerTimes;
}

/** How often a growing chain gets a checkpoint. */
export interface SealerTimes {
  readonly checkpointMs: number;
  readonly checkpointRecordsMax: number;
}

/** The result of one round. */
export interface SealRound {
  /** Whether this process is the one that seals. */
  readonly isHolder: boolean;
  readonly sealed: number;
  readonly checkpoints: number;
  /** Age of the oldest entry that is left, after the round. */
  readonly lagMs: number;
}

/**
 * Appends entries to the hash chains of their tenants, and signs the ends of the chains. Its whole state is in the database, so a
 * process that is killed at any point leaves nothing to repair; the next one continues from the committed place.
 */
export class Sealer {
  readonly #options: SealerOptions;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** Seals the waiting entries, up to a bound, and signs the chain ends that are due. */
  async round(nodeId: NodeId): Promise<SealRound> {
    const { store } = this.#options;
    let sealed = 0;
    let term = await store.claim(nodeId, limits.auditSealHoldMs);
    for (let batches = 0; term !== null && batches < limits.auditSealBatchesMax; batches += 1) {
      const window = await store.next(term, limits.auditSealEntriesMax);
      if (window.entries.length === 0 && window.place.entryId === term.place.entryId) break;
      const batch = await this.#batchOf(term, window);
      if (!(await store.append(batch))) break;
      sealed += batch.sealed.length;
      if (!window.isFull) break;
      // Checkpoints are never further apart than their bound, also while the sealer catches up.
      await this.#signDue();
      term = await store.claim(nodeId, limits.auditSealHoldMs);
    }
    const checkpoints = term === null ? 0 : await this.#signDue();
    return { isHolder: term !== null, sealed, checkpoints, lagMs: await store.lagMs() };
  }

  /** Gives the right to seal away. */
  async leave(nodeId: NodeId): Promise<void> {
    await this.#options.store.release(nodeId);
  }

  /** How many of the chains that were signed last have no checkpoint outside any more, or not the last one. */
  async countMissingCheckpoints(): Promise<number> {
    const { store, sink } = this.#options;
    let missing = 0;
    for (const { tenantId, size } of await store.signed(limits.auditCheckpointsCheckedMax)) {
      if (!(await sink.has(tenantId, size))) missing += 1;
    }
    return missing;
  }

  async #batchOf(
    term: SealTerm,
    window: { entries: readonly EntryToSeal[]; place: SealBatch['to'] },
  ): Promise<SealBatch> {
    const { store, sealing } = this.#options;
    const byTenant = Map.groupBy(window.entries, ({ tenantId }) => tenantId);
    const ends = new Map((await store.endsOf([...byTenant.keys()])).map((end) => [end.tenantId, end]));
    const content = await this.#contentOf(window.entries);
    const digestsOf = (entry: EntryToSeal): ContentDigests | null => {
      const ofTask = isId('tsk', entry.resource) ? content.get(entry.resource) : undefined;
      return ofTask === undefined || !endsTask(entry) ? null : sealing.digestsOf(entry.tenantId, ofTask);
    };
    const grown: ChainGrowth[] = [];
    for (const [tenantId, entries] of byTenant)
      grown.push(await sealing.extend(tenantId, ends.get(tenantId) ?? null, entries, digestsOf));
    return {
      from: term,
      to: window.place,
      sealed: grown.flatMap(({ sealed }) => sealed),
      ends: grown.map(({ end }) => end),
      nodes: grown.flatMap(({ nodes }) => nodes),
    };
  }

  async #contentOf(entries: readonly EntryToSeal[]): Promise<ReadonlyMap<TaskId, TaskContent>> {
    const ended = entries.flatMap(({ tenantId, resource, ...entry }): { tenantId: TenantId; taskId: TaskId }[] =>
      endsTask(entry) && isId('tsk', resource) ? [{ tenantId, taskId: resource }] : [],
    );
    return ended.length === 0 ? new Map() : this.#options.store.contentOf(ended);
  }

  /** Written outside first: a checkpoint that only the database knows would prove nothing. */
  async #signDue(): Promise<number> {
    const { store, sealing, sink, clock, times } = this.#options;
    // Another batch may be added before the next check.
    const recordsMin = Math.max(1, times.checkpointRecordsMax - limits.auditSealEntriesMax);
    const due = await store.due(recordsMin, times.checkpointMs, limits.auditCheckpointsMax);
    for (const chain of due) {
      const end: ChainEnd = chain;
      const line = sealing.checkpointLine(end, clock.nowMs());
      await sink.put(end.tenantId, end.lastSeq, line);
      await store.noteCheckpoint(end.tenantId, end.lastSeq, line);
    }
    return due.length;
  }
}

const ends: ReadonlySet<string> = new Set([
  'task.completed',
  'task.served',
  'task.failed',
  'task.canceled',
  'task.rejected',
]);

function endsTask({ action }: Pick<EntryToSeal, 'action'>): boolean {
  return ends.has(action);
}
