/** What recording one send of a batch came to. */
export interface RecordedRow {
  /** Which send of the batch, counted from 1. */
  readonly n: number;
  /** `crowded`: the wallet pays for this task alone, but not for it and all tasks before it in the batch. */
  readonly outcome: 'recorded' | 'known' | 'agent-closed' | 'over-budget' | 'insufficient' | 'crowded';
  readonly known_task_id: string | null;
  readonly same_request: boolean | null;
  /** What the wallet held before the batch. */
  readonly available: bigint;
  /** Whether agents know the context by the caller's id; see `RecordOutcome`. */
  readonly is_context_unmapped: boolean;
  /** What the delegation chain can still spend; absent when no task of the batch has one. */
  readonly budget_left?: number | null;
  /** Whether the task waits for a concurrency slot; absent when no task of the batch may. */
  readonly is_queued?: boolean;
}
