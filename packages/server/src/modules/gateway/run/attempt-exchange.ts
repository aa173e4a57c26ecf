import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import type { Bulkheads } from './bulkheads.ts';
import type { CallObserver } from './call-observer.ts';
import { sayHedged } from './hedge.ts';
import { cancelAtAgent } from './cancel-at-agent.ts';
import { attach, say } from './talk-to-agent.ts';
import type { TaskRun } from './task-run.ts';
import type { AgentAttempts } from './agent-attempts.ts';
import { statusEvent } from './translate-answer.ts';
import { hasDeadlines, AttemptDeadlines } from './attempt-deadlines.ts';
import type { Upstream, UpstreamMessage } from './upstream.ts';

/** What a run has to do: send a message to the agent (`say`), or find again a task that the agent already has (`attach`). */
export type Assignment =
  | { readonly kind: 'say'; readonly message: UpstreamMessage }
  | { readonly kind: 'attach'; readonly message: UpstreamMessage | null };

export interface ExchangePorts {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly calls: CallObserver;
  readonly bulkheads: Bulkheads;
}

/** One exchange with the instance that does the work: within the concurrency limit of the instance and the deadlines of the policy, and observed. */
export async function exchange(
  ports: ExchangePorts,
  run: TaskRun,
  attempts: AgentAttempts,
  next: Assignment,
): Promise<void> {
  const { upstream, clock, calls, bulkheads } = ports;
  const { call, policy } = attempts;
  const attachTo = next.kind === 'attach' ? nameOf(run) : '';
  const refusal = attempts.takeRefusal();
  if (refusal !== null) throw refusal;
  const place = bulkheads.enter(call.instance.instanceId, policy.callsMax, call.signal);
  if (place !== null) await place;
  const deadlines = hasDeadlines(policy) ? new AttemptDeadlines(clock, policy, call.signal) : null;
  const observation = calls.begin(call);
  const holdBack = attempts.holdBack;
  const within = deadlines === null ? call : { ...call, signal: deadlines.signal };
  const talk = { upstream, clock, run, call: within, observation, deadlines, holdBack };
  try {
    if (next.kind === 'attach') await attach(talk, attachTo);
    else if (policy.hedgeMs === null) await say(talk, next.message);
    else await sayHedged(ports, attempts, talk, next.message);
    observation.end(null);
  } catch (caught) {
    const error = deadlines === null ? caught : deadlines.reasonOf(caught);
    observation.end(error);
    throw error;
  } finally {
    deadlines?.end();
    bulkheads.left(call.instance.instanceId);
  }
}

/** The agent's id for the task. Without one the agent can not be asked for the task: no call is made, and none is counted. */
function nameOf({ upstreamTaskId }: TaskRun): string {
  if (upstreamTaskId === null) throw new PlatformError('upstream.outcome-unknown');
  return upstreamTaskId;
}

/**
 * Moves the task to another instance or agent after a failure, and cancels it at the one that it leaves. Returns the message to send there.
 * Null when no other may do the work; then the failure that the agent reported, if it did, ends the task.
 */
export async function askAnother(
  ports: ExchangePorts,
  run: TaskRun,
  attempts: AgentAttempts,
  error: unknown,
): Promise<UpstreamMessage | null> {
  const { call } = attempts;
  const { upstreamTaskId } = run;
  const message = await attempts.next(error);
  if (message === null) {
    run.accept(attempts.takeHeldBack());
    return null;
  }
  // An agent that reported the end of its task has stopped already.
  if (asPlatformError(error).code !== 'upstream.task-failed') void cancelAtAgent(ports, call, upstreamTaskId);
  if (attempts.call.route.agentId !== call.route.agentId) run.accept([handedOn(run, attempts, ports.clock.nowMs())]);
  return message;
}

/** The event that says in the log which agent does the work from here on. */
function handedOn({ task }: TaskRun, { call }: AgentAttempts, nowMs: number) {
  const identity = { task, contextId: task.contextId ?? '', nowIso: new Date(nowMs).toISOString() };
  return statusEvent(identity, { state: 'TASK_STATE_WORKING' }, { handedTo: call.route.agentName });
}
