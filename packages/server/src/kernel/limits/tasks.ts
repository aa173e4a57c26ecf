/** The bounds of tasks, of their logs and queues, and of the leases of nodes that work on them. */
export const taskLimits = {
  /** A node renews its lease this often. */
  heartbeatMs: 1_000,
  /** A node whose last renewal is older, by the clock of the database, is dead. */
  nodeDeadAfterMs: 5_000,
  /** A node that could not renew its lease for this long ends its calls of agents and its writes. */
  nodeFenceAfterMs: 3_000,
  /** The reaper declares no node dead before the database has been up for this long. */
  reaperGraceMs: 5_000,
  /** Tasks of dead nodes that one sweep takes over. The next sweep takes more. */
  reaperTasksMax: 200,
  /** Tasks of a sweep that are read and started at once, with shared reads. The others wait, so that callers are served meanwhile. */
  takeOversAtOnceMax: 16,
  /** A node looks this often for tasks that it holds and that no run works on. */
  orphanCheckMs: 10_000,
  /** Dead nodes that one message of a task may leave behind. With a further one the task fails as task.given-up. */
  taskTakeoversMax: 5,
  /** A dead node without tasks is deleted after this time. */
  deadNodeKeptMs: 24 * 60 * 60_000,
  /** Requests in one batch. The rest wait for the next. */
  batchItemsMax: 64,
  /**
   * Batches of one kind that are in flight; the next one forms meanwhile. A second one would wait for the wallet rows of the first and
   * pay again for what they could share.
   */
  batchesInFlightMax: 1,
  /** Record, end and append batches alternate. After this time the next one starts in parallel. */
  batchAloneMsMax: 8,
  /** Requests that wait for a batch. A further one is answered 503. */
  batchQueueItemsMax: 20_000,
  /** A live view reads its task's log again this often, also when every notification is lost. */
  logPollMs: 1_000,
  /** Tasks of one tenant that one statement of this poll asks about. Another statement asks about the rest. */
  logPollTasksMax: 1_000,
  /** Events that a live view reads from a log at a time. It reads the next ones when these are shown. */
  logTailEventsMax: 100,
  /** Bytes of these events, unless the first one alone is larger. */
  logTailBytesMax: 256 * 1024,
  /** Bytes of the events that one statement reads for several views. The others read again. */
  logTailsBytesMax: 4 * 1024 * 1024,
  /** Shared reads of one kind that are in flight. Further readers wait for the next; this saves a third of the work when thousands come at once. */
  sharedReadsInFlightMax: 1,
  /** Events of a log that one statement reads. Another statement reads the rest. */
  logPageEventsMax: 500,
  /** Events of one task. With a further one the task fails as upstream.too-large. */
  taskEventsMax: 20_000,
  /** Bytes of events that one task writes at once, apart from other tasks. The rest waits for its next write. One event is written whole. */
  taskWriteBytesMax: 256 * 1024,
  /** Bytes of events of one task that wait for their write. Above it its agent is not read on. */
  taskUnwrittenBytesMax: 512 * 1024,
  /** Bytes of a task that its run keeps in memory. The artifacts of a larger one are read from its log when they are needed. */
  runKeptBytesMax: 1024 * 1024,
  /** An idempotency key is deleted at this age. */
  idempotencyKeyMs: 24 * 60 * 60_000,
  /** ListTasks counts exactly up to this number and reports this number for more. */
  listTotalMax: 10_000,
  /** Tasks of a tenant among which one page of its task list seeks those of some agents. The page is then short; its cursor leads on. */
  inspectedTasksReadMax: 10_000,
  /** Lists longer than `listTotalMax` that one process remembers. The oldest is dropped first and counted again. */
  fullListsKnownMax: 10_000,
  /** Hops below the first task of a delegation chain. A further one is refused. */
  delegationDepthMax: 4,
  /** A task can be named as the parent of others for this long after its end. Later it is refused. */
  delegationGraceMs: 60_000,
  /** How far the tier of an agent puts its task behind others that are queued at the same moment. */
  queueTierMs: { gold: 0, silver: 10_000, bronze: 30_000 },
  /** How far each step below the highest of nine priorities puts it behind. */
  queuePriorityStepMs: 1_000,
  /** Queues that one poll finds. Tasks of further queues are claimed when these are shorter. */
  queuesPerPollMax: 10_000,
  /** Queued tasks that one claim takes. The next claim takes more. */
  queueClaimTasksMax: 64,
  /** Queued tasks that one process works on at once. Further ones stay queued. */
  queuedRunsMax: 1_000,
  /** Queues whose agents' names one process caches. The oldest is dropped first. */
  knownQueuesMax: 10_000,
  /** Queued tasks past their deadline that one statement ends. The next statement ends more, */
  overdueTasksMax: 200,
  /** up to so many statements in a row; the next poll continues. */
  overdueSlicesMax: 10,
  /** Attempts of a task that may be retried. Then the task is dead-lettered. */
  queueAttemptsMax: 5,
  /** The pause before its second attempt. It doubles with each attempt, */
  queueRetryMsMin: 500,
  /** up to this pause. */
  queueRetryMsMax: 30_000,
  /** A call of a skill with a later deadline is refused. */
  callDeadlineMsMax: 30 * 24 * 60 * 60_000,
} as const;
