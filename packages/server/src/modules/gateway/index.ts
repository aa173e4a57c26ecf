import { cancelTask } from './view/cancel-task.ts';
import { getTask } from './view/get-task.ts';
import { listTasks } from './view/list-tasks.ts';
import type { GatewayPorts } from './ports.ts';
import { createPushConfig, deletePushConfig, getPushConfig, listPushConfigs } from './view/push-configs.ts';
import { alsoAtRouter } from './view/routed-address.ts';
import { resolveTaskName } from './send/send-to-named-task.ts';
import { sendMessage } from './send/send-message.ts';
import { streamMessage } from './send/stream-message.ts';
import { subscribeToTask } from './view/subscribe-to-task.ts';
import { withCosts } from './view/task-cost.ts';
import type { TaskOperations } from './view/task-cost.ts';

const byId = ({ id }: { readonly id: string }): string => id;
const byTask = ({ taskId }: { readonly taskId?: string }): string => taskId ?? '';

/** Every A2A operation on agents behind this platform, for every wire. */
export interface Gateway extends TaskOperations {
  /** The operations for callers that request the costs of their tasks. */
  readonly withCosts: TaskOperations;
  readonly createPushConfig: ReturnType<typeof createPushConfig>;
  readonly getPushConfig: ReturnType<typeof getPushConfig>;
  readonly listPushConfigs: ReturnType<typeof listPushConfigs>;
  readonly deletePushConfig: ReturnType<typeof deletePushConfig>;
  readonly resolveTaskName: ReturnType<typeof resolveTaskName>;
}

export function createGateway(ports: GatewayPorts): Gateway {
  const tasks = {
    sendMessage: sendMessage(ports),
    streamMessage: streamMessage(ports),
    listTasks: listTasks(ports),
    getTask: alsoAtRouter(ports, { run: getTask(ports), operation: 'task.get', taskOf: byId }),
    cancelTask: alsoAtRouter(ports, { run: cancelTask(ports), operation: 'task.cancel', taskOf: byId }),
    subscribeToTask: alsoAtRouter(ports, { run: subscribeToTask(ports), operation: 'task.subscribe', taskOf: byId }),
  };
  return {
    ...tasks,
    withCosts: withCosts(ports, tasks),
    createPushConfig: alsoAtRouter(ports, { run: createPushConfig(ports), operation: 'push.create', taskOf: byTask }),
    getPushConfig: alsoAtRouter(ports, { run: getPushConfig(ports), operation: 'push.get', taskOf: byTask }),
    listPushConfigs: alsoAtRouter(ports, { run: listPushConfigs(ports), operation: 'push.list', taskOf: byTask }),
    deletePushConfig: alsoAtRouter(ports, { run: deletePushConfig(ports), operation: 'push.delete', taskOf: byTask }),
    resolveTaskName: resolveTaskName(ports),
  };
}

export { callSkill } from './send/call-skill.ts';
export { isPaidBy, quoteSend } from './send/quote-send.ts';
export type { Quote, QuotePorts } from './send/quote-send.ts';
export { listDeadLetters, replayDeadLetter } from './send/dead-letters.ts';
export type { DeadLetterPorts } from './send/dead-letters.ts';
export { followCalledTask, readCalledTask } from './view/read-called-task.ts';
export { calledEvent, calledStates } from './view/called-task.ts';
export type { CalledEvent, CalledTask } from './view/called-task.ts';
export type { CallPorts } from './view/read-called-task.ts';
export type {
  AgentContextId,
  CallerContext,
  AgentAddress,
  ForwardedTasks,
  ForwardTokenReader,
  GatewayPorts,
  PageTokenSigner,
  PushPorts,
  RouterPorts,
  StreamedEvent,
  TaskStream,
} from './ports.ts';
export { MirrorSends } from './send/mirror-sends.ts';
export type { PresentedDelegation } from './send/send.ts';
export { timeFrom } from './send/send-urgency.ts';
export { SuspensionWatch } from './duties/suspension-watch.ts';
export type { SuspensionWatchPorts } from './duties/suspension-watch.ts';
export { answerExtensions, asksForCost, streamExtensions } from './view/requested-extensions.ts';
export { TaskRuns } from './run/task-runs.ts';
export type { TaskRunsOptions } from './run/task-runs.ts';
export { Bulkheads } from './run/bulkheads.ts';
export { RetryBudget } from './run/retry-budget.ts';
export { CallObserver } from './run/call-observer.ts';
export { AccessWatch } from './duties/access-watch.ts';
export { TaskQueue } from './duties/task-queue.ts';
export type { QueueTotals } from './duties/task-queue.ts';
export { beginClaimed } from './duties/take-over-tasks.ts';
export { OrphanWatch } from './duties/orphan-watch.ts';
export { expireTasks } from './duties/expire-tasks.ts';
export { takeOverTasks } from './duties/take-over-tasks.ts';
export type { TakeOverPorts } from './duties/take-over-tasks.ts';
export type { Upstream, UpstreamCall, UpstreamMessage } from './run/upstream.ts';
