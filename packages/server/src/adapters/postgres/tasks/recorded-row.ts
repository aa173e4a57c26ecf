/** What recording one send of a batch came to. */
export interface RecordedRow {
  /** Which send of the batch, counted from 1. */
  readonly n: number;
  /**
   * `crowded`: the wallet pays for this task alone, but not for it and all tasks before it in the batch; `budget-crowded`: the same for a budget.
   * `unopened`: a window that pays for the task has no row yet. `outdated`: the task was prepared with other budgets than its tenant has now.
   */
  readonly outcome:
    | 'recorded'
    | 'known'
    | 'agent-closed'
    | 'outdated'
    | 'over-budget'
    | 'unopened'
    | 'budget-exceeded'
    | 'budget-crowded'
    | 'insufficient'
    | 'crowded';
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
  /** The window that refuses the task, and what it had left before the batch; absent when no tenant of the batch has budgets. */
  readonly window_id?: string | null;
  readonly window_left?: bigint | null;
}
