import type { Message, StreamResponse } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import { urgencyUri, resultCacheUri, skillUri } from '../../registry/index.ts';
import { hitOf } from '../../results/index.ts';
import type { FoundResult, ResultCache, ResultHit, ResultSpot, StoredResult } from '../../results/index.ts';
import type { Route } from '../../routing/index.ts';
import type { TaskView } from '../../tasks/index.ts';
import { leftBeforeDeadline } from '../run/task-run.ts';
import type { TaskRun } from '../run/task-run.ts';
import { translateAnswer } from '../run/translate-answer.ts';
import type { Draft } from '../run/translate-answer.ts';
import type { UpstreamCall, UpstreamMessage } from '../run/upstream.ts';
import type { Assignment } from '../run/work-on-task.ts';
import { skillIdOf } from './route-rules.ts';

export interface CachedWorkPorts {
  readonly results: ResultCache;
  readonly clock: Clock;
}

/** The skill that a message names, when its results may be cached. Most agents have no such skill, and most messages name none. */
export function cacheableSkill(
  { skills }: Pick<Route, 'skills'>,
  message: Message,
): { readonly skillId: string; readonly ttlMs: number } | null {
  if (message.metadata === undefined) return null;
  const skill = skills.get(skillIdOf(message) ?? '');
  if (skill?.idempotent !== true || skill.cacheTtlMs === null || skill.cacheTtlMs <= 0) return null;
  return { skillId: skill.skillId, ttlMs: skill.cacheTtlMs };
}

/** The price of a cache hit: a share of the price of the call. */
export function hitPrice(callMicrocredits: bigint, { pricePercent }: ResultHit): bigint {
  return (callMicrocredits * BigInt(pricePercent)) / 100n;
}

/** A call whose result may be cached: the message, its agent, and the principal that it is for. */
export interface CacheableCall {
  readonly route: Route;
  readonly ownerId: string;
  readonly isDelegated: boolean;
  readonly message: UpstreamMessage;
}

/**
 * The cache key of a call. Only the first message of a task has one, when it names a skill that is idempotent and cacheable. Any other call
 * gets null at once. So does a call within a delegation chain, because its agent is told of the chain.
 */
export function spotOf(results: ResultCache, call: CacheableCall): Promise<ResultSpot | null> | null {
  const { route, isDelegated, ownerId } = call;
  const { message, configuration, metadata, extensions } = call.message;
  const skill = cacheableSkill(route, message);
  if (skill === null || isDelegated) return null;
  if (message.taskId !== undefined || message.referenceTaskIds !== undefined) return null;
  return results.spotOf(
    {
      route,
      skillId: skill.skillId,
      message: {
        parts: message.parts,
        ...withoutOurs(message),
        ...(message.extensions === undefined ? {} : { extensions: message.extensions }),
      },
      acceptedOutputModes: configuration?.acceptedOutputModes ?? [],
      metadata,
      extensions: extensions ?? [],
      ownerId,
    },
    Math.min(skill.ttlMs, limits.resultMsMax),
  );
}

/** The skill is a part of the key already, and the urgency of a message does not change its result. */
function withoutOurs({ metadata }: Message): Pick<Message, 'metadata'> {
  const { [skillUri]: _named, [urgencyUri]: _urgency, ...rest } = metadata ?? {};
  return Object.keys(rest).length === 0 ? {} : { metadata: rest };
}

/** A task whose result may be cached for others. */
interface SharedWork {
  readonly run: TaskRun;
  readonly spot: ResultSpot;
  /** What the send of the call reserves. */
  readonly callMicrocredits: bigint;
  /** Whether the agent that was asked does the work, and no fallback agent in its place. */
  readonly isOwn: () => boolean;
}

/** Ends the task with a cached result, waits for the task that computes the result, or computes and caches it. Never rejects. */
export async function workThroughCache(
  { results, clock }: CachedWorkPorts,
  shared: SharedWork,
  work: () => Promise<void>,
): Promise<void> {
  const { run, spot, callMicrocredits } = shared;
  const untilMs = clock.monotonicMs() + Math.min(limits.resultWaitMs, leftBeforeDeadline(clock, run.queueing));
  while (!run.isOver && clock.monotonicMs() < untilMs) {
    const outcome = await results.claim(spot, run.lease.taskId);
    if (outcome.kind === 'claimed') return workForAll(results, shared, work);
    if (outcome.kind === 'found') {
      run.settle(hitPrice(callMicrocredits, hitOf(spot, outcome.found)));
      return giveResult(clock, run, outcome.found);
    }
    if (outcome.kind === 'vacant') break;
    let seen = await results.poll(spot);
    while (seen.kind === 'under-way' && !run.isOver && clock.monotonicMs() < untilMs) seen = await results.poll(spot);
  }
  if (!run.isOver) await work();
}

async function workForAll(
  results: ResultCache,
  { run, spot, isOwn }: SharedWork,
  work: () => Promise<void>,
): Promise<void> {
  const { taskId } = run.lease;
  const holding = results.hold(spot, taskId);
  try {
    const working = work();
    const outcome = await run.finished;
    // When another node continues the task, the claim on the result stays with the task.
    if (outcome.kind === 'rested') await results.end(spot, taskId, isOwn() ? resultOf(outcome.view) : null);
    await working;
  } finally {
    holding.stop();
  }
}

/** Ends a task with a cached result. */
export function giveResult(clock: Clock, run: TaskRun, { result, storedAtMs, isStale }: FoundResult): void {
  if (run.isOver) return;
  const nowMs = clock.nowMs();
  const note = {
    [resultCacheUri]: {
      storedAt: new Date(storedAtMs).toISOString(),
      ageMs: Math.max(0, nowMs - storedAtMs),
      stale: isStale,
    },
  };
  const identity = {
    task: run.committed,
    contextId: run.committed.contextId ?? '',
    nowIso: new Date(nowMs).toISOString(),
  };
  run.endFromCache(translateAnswer(identity, answerOf(run, result)).events.map((draft) => noted(draft, note)));
}

function answerOf(run: TaskRun, { artifacts, words, reply, metadata }: StoredResult): StreamResponse {
  if (reply !== null) return { message: reply };
  const status = { state: 'TASK_STATE_COMPLETED' as const, ...(words === null ? {} : { message: words }) };
  return {
    task: {
      id: run.lease.taskId,
      status,
      ...(artifacts.length === 0 ? {} : { artifacts }),
      ...(metadata === null || metadata === undefined ? {} : { metadata }),
    },
  };
}

/** Adds to the final status that the result comes from the cache, and how old it is. */
function noted(draft: Draft, note: NonNullable<Message['metadata']>): Draft {
  const { statusUpdate } = draft.response;
  if (statusUpdate === undefined) return draft;
  const metadata = { ...statusUpdate.metadata, ...note };
  return { ...draft, response: { statusUpdate: { ...statusUpdate, metadata } } };
}

/** The part of a task that is cached: null unless its agent completed it, and for a task that is too large to be kept. */
function resultOf(view: TaskView | null): StoredResult | null {
  if (view === null) return null;
  const { task, reply } = view;
  if (task.status.state !== 'TASK_STATE_COMPLETED') return null;
  const { message } = task.status;
  return {
    artifacts: task.artifacts ?? [],
    words: reply === null && message !== undefined ? withoutIds(message) : null,
    reply: reply === null ? null : withoutIds(reply),
    metadata: task.metadata ?? null,
  };
}

function withoutIds({ taskId: _task, contextId: _context, ...message }: Message): Message {
  return message;
}

/** The call that a run begins its task with; null for a run that continues one. */
export function firstCallOf(
  run: TaskRun,
  { route, subject, chain }: UpstreamCall,
  { kind, message }: Assignment,
): CacheableCall | null {
  if (kind !== 'say' || (run.committed.history?.length ?? 0) > 1 || run.upstreamTaskId !== null) return null;
  return { route, ownerId: subject, isDelegated: chain !== undefined, message };
}
