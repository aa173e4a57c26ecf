export { holdsLease, taskMachine } from './task-machine.ts';
export type { TaskChange, TaskVerdict } from './task-machine.ts';
export type { TaskEvent, TaskEventDraft, TaskEventKind } from './task-event.ts';
export { TaskLog } from './task-log.ts';
export type { TaskFollower } from './task-follower.ts';
export type { NewPushSubscription } from './push-subscription.ts';
export { extendView } from './task-view.ts';
export { storedResponse } from './task-event.ts';
export type { TaskView } from './task-view.ts';
export type {
  ContinueTask,
  LogPosition,
  LogTail,
  NewTask,
  RecordOutcome,
  RequeueTask,
  ResumeTask,
  TaskQueueing,
  TaskEnd,
  TaskPageQuery,
  TaskRow,
  TaskStore,
  TaskViewer,
  TaskWrite,
  ContinueOutcome,
  WriteOutcome,
} from './task-store.ts';
export { extendChain } from './delegation-chain.ts';
export { readDelegationDepth, setDelegationDepth } from './delegation-rule.ts';
export type { DelegationRuleStore } from './delegation-rule.ts';
export type { DelegationChain, DelegationParent, TaskDelegation } from './delegation-chain.ts';
export type { TaskMove, TaskMover } from './task-mover.ts';
export type { SuspensionInForce, SuspendedTarget, SuspendedWork, SuspendedWorkStore } from './suspended-work.ts';
export { NodeLease } from './node-lease.ts';
export type { LeaseTimes, NodeLeaseOptions } from './node-lease.ts';
export type { NodeStore, PlacedTask, TakenTask, WaitingPlace, WaitingTask } from './node-store.ts';
export { inspectTask, listInspectedTasks } from './inspect-task.ts';
export type { InspectTaskInput, ListInspectedTasksInput } from './inspect-task.ts';
export type {
  InspectedTask,
  InspectedTaskEvent,
  InspectedTasksQuery,
  LogRange,
  TaskCost,
  TaskInspection,
  TaskInspector,
  TaskSummary,
} from './inspect-task.ts';
export { deadLetterReasons, isDeadLetter } from './dead-letter.ts';
export type { DeadLetter, DeadLetterQuery, DeadLetterReason, DeadLetterStore } from './dead-letter.ts';
export type { ClaimedQueue, ClaimedTask, TaskQueueStore, QueueClaim, QueueState } from './task-queue-store.ts';
export { isRequeued, queueDelayMs, retryDelayMs, taskPriorityDefault, taskPriorityMax } from './queue-rules.ts';
