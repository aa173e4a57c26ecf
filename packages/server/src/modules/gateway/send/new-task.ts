import type { SendMessageRequest, Task } from '@colloquy/protocol';
import type { IdSource, TaskId } from '../../../kernel/ids.ts';
import { auditEntryBy } from '../../audit/index.ts';
import type { NewAuditEntry } from '../../audit/index.ts';
import { budgetsOfTask } from '../../budgets/index.ts';
import type { Spending } from '../../budgets/index.ts';
import type { ResultCache, ResultHit } from '../../results/index.ts';
import { routedDecision } from '../../routing/index.ts';
import type { Route } from '../../routing/index.ts';
import type { NewTask } from '../../tasks/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { spotOf } from './cached-work.ts';
import { reservationOf } from './choose-or-refuse.ts';
import type { Chosen } from './choose-or-refuse.ts';
import { taskDelegation } from './delegated-send.ts';
import { encodeSendOptions, upstreamMessage } from './outgoing-message.ts';
import { placeOfSend } from './queue-place.ts';
import { skillIdOf } from './route-rules.ts';
import type { ReplayedTask, RoutedSend, SendOptions } from './send.ts';
import { encodeTaskPrices } from './task-prices.ts';

/** Everything about a send that its recording and the work on its task need. */
export interface DraftedTask {
  readonly newTask: NewTask;
  readonly task: Task;
  readonly route: Route;
  readonly chosen: Chosen;
  readonly options: SendOptions;
  readonly request: SendMessageRequest;
  readonly references: readonly string[];
  /** The cached result that ends the task without a call; null for none. */
  readonly hit: ResultHit | null;
}

/** What decides whether a cached result answers a send. */
export type CacheableSend = Pick<RoutedSend, 'route' | 'caller' | 'request' | 'options' | 'delegation'>;

/** The cached result that ends the task of a send without a call; null for none. */
export async function findCachedResult(results: ResultCache, send: CacheableSend): Promise<ResultHit | null> {
  const { route, caller, request, delegation } = send;
  const outgoing = upstreamMessage(send, '', { upstreamTaskId: null, references: [] });
  const spot = await spotOf(results, {
    route,
    ownerId: caller.principal.id,
    isDelegated: delegation !== undefined,
    message: { ...outgoing, message: request.message },
  });
  return spot === null ? null : results.find(spot);
}

/** The row of a new task, with its first event. Throws `platform.unavailable` while this node holds no lease. */
export function draftTask(
  ports: Pick<GatewayPorts, 'ids' | 'clock' | 'nodeId'>,
  send: RoutedSend,
  {
    taskId,
    references,
    chosen,
    hit,
    subscription,
  }: Pick<DraftedTask, 'references' | 'chosen' | 'hit'> & Pick<NewTask, 'taskId' | 'subscription'>,
): DraftedTask {
  const { caller, route, request, identity } = send;
  const contextId = request.message.contextId ?? ports.ids.next('ctx');
  const statusAtMs = ports.clock.nowMs();
  const task: Task = {
    id: taskId,
    contextId,
    status: { state: 'TASK_STATE_SUBMITTED', timestamp: new Date(statusAtMs).toISOString() },
    history: [{ ...request.message, contextId, taskId }],
  };
  const newTask: NewTask = {
    tenantId: caller.tenant.id,
    taskId,
    contextId,
    agentId: route.agentId,
    agentName: route.agentName,
    instanceId: chosen.instance.instanceId,
    ownerId: caller.principal.id,
    requestId: caller.requestId,
    nodeId: ports.nodeId(),
    keyHash: identity.keyHash,
    fingerprint: identity.fingerprint,
    reserveMicrocredits: reservationOf(chosen, hit),
    decision: decisionOf(send, chosen, hit),
    sendOptions: encodeSendOptions(send),
    submitted: JSON.stringify({ task }),
    statusAtMs,
    ...(subscription === undefined ? {} : { subscription }),
    ...(send.options.namesTask === true ? { isNamed: true } : {}),
    ...(send.replay === undefined ? {} : { replayed: replayEntry(ports.ids, send.replay, taskId) }),
    ...(send.delegation === undefined ? {} : { delegation: taskDelegation(send.delegation, taskId) }),
    ...(route.budgets === undefined ? {} : { budgets: budgetsOfTask(route.budgets, spendingOf(send), statusAtMs) }),
    ...placeOfSend(route, send.options, { isHit: hit !== null, isRefused: chosen.refusal !== null }),
  };
  return { newTask, task, route, chosen, request, references, hit, options: send.options };
}

/** What the task of a send is, as far as budgets distinguish. */
export function spendingOf({ caller, route, request }: Pick<RoutedSend, 'caller' | 'route' | 'request'>): Spending {
  const { agentName } = route;
  const department = caller.allocation?.department ?? route.department;
  const costCenter = caller.allocation?.costCenter ?? route.costCenter;
  return { agentName, department, costCenter, clientId: caller.principal.id, skillId: skillIdOf(request.message) };
}

/**
 * The routing decision as JSON. It also names the dead-lettered task of a replay, and the skill, the department and the cost center of the task, says
 * when a cached result spares the call, and has the prices that the task is settled by.
 */
function decisionOf(send: RoutedSend, chosen: Chosen, hit: ResultHit | null): string {
  const { routed, replay, route } = send;
  const { department, costCenter, skillId } = spendingOf(send);
  const own = routed === undefined ? chosen.json : routedDecision(chosen, routed);
  // An id that the card does not have is the caller's invention.
  const isSkillNew = skillId !== null && chosen.decision.skill === undefined && route.skills.has(skillId);
  const more = [
    ...(replay === undefined ? [] : [`"replayOf":"${replay.taskId}"`]),
    ...(isSkillNew ? [`"skill":${JSON.stringify(skillId)}`] : []),
    ...(department === null ? [] : [`"department":${JSON.stringify(department)}`]),
    ...(costCenter === null ? [] : [`"costCenter":${JSON.stringify(costCenter)}`]),
    ...(hit !== null || chosen.prices === null ? [] : [`"prices":${encodeTaskPrices(chosen.prices)}`]),
    ...(hit === null ? [] : [`"result":"${hit.found.isStale ? 'stale' : 'fresh'}"`]),
  ];
  return more.length === 0 ? own : `${own.slice(0, -1)},${more.join(',')}}`;
}

/** The audit entry of a replay, written in the transaction that records the new task. */
function replayEntry(ids: IdSource, { taskId, by }: ReplayedTask, replayedAs: TaskId): NewAuditEntry {
  return auditEntryBy(by, ids, {
    action: 'task.replayed',
    outcome: 'succeeded',
    resource: taskId,
    facts: { replayedAs },
  });
}
