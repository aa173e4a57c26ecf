import type { Message, StreamResponse } from '@colloquy/protocol';
import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import { dispatchUri, resultCacheUri, skillUri } from '../../registry/index.ts';
import { hitOf } from '../../results/index.ts';
import type { FoundResult, ResultCache, ResultHit, ResultSpot, StoredResult } from '../../results/index.ts';
import type { Route } from '../../routing/index.ts';
import type { TaskView } from '../../tasks/index.ts';
import { priceOf } from './price-of.ts';
import { skillIdOf } from './skill-id-of.ts';
import { leftBeforeDeadline } from '../run/task-run.ts';
import type { TaskRun } from '../run/task-run.ts';
import { translateAnswer } from '../run/translate-answer.ts';
import type { Draft } from '../run/translate-answer.ts';
import type { UpstreamCall, UpstreamMessage } from '../run/upstream.ts';
import type { Assignment } from '../run/work-on-task.ts';

export interface CachedWorkPorts {
  readonly results: ResultCache;
  readonly clock: Clock;
}

/** The skill that a message names, when its results may be used again. Most agents have none, and most messages name none. */
export function cacheableSkill(
  { skills }: Pick<Route, 'skills'>,
  message: Message,
): { readonly skillId: string; readonly ttlMs: number } | null {
  if (message.metadata === undefined) return null;
  const skill = skills.get(skillIdOf(message) ?? '');
  if (skill?.idempotent !== true || skill.cacheTtlMs === null || skill.cacheTtlMs <= 0) return null;
  return { skillId: skill.skillId, ttlMs: skill.cacheTtlMs };
}

/** What a call says, to whom, and for whom. */
export interface SaidCall {
  readonly route: Route;
  readonly ownerId: string;
  readonly isDelegated: boolean;
  readonly message: UpstreamMessage;
}

/**
 * Where the result of a call may be kept and found: that of a first message, for a skill that it names, which is idempotent and whose
 * results may be used again. Null for every other call, at once. A call within a chain of tasks has none either: the agent is told of
 * the chain.
 */
export function spotOf(results: ResultCache, call: SaidCall): Promise<ResultSpot | null> | null {
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

/** The skill is part of the key by itself, and how urgent it was changes no result. */
function withoutOurs({ metadata }: Message): Pick<Message, 'metadata'> {
  const { [skillUri]: _named, [dispatchUri]: _urgency, ...rest } = metadata ?? {};
  return Object.keys(rest).length === 0 ? {} : { metadata: rest };
}

/** A task whose result others may have. */
interface SharedWork {
  readonly run: TaskRun;
  readonly spot: ResultSpot;
  readonly route: Route;
  /** The agent that was asked is the one that answers, no other in its place. */
  readonly isOwn: () => boolean;
}

/** Gives the task what is there, waits for who fetches it, or fetches it and lets others have it. Never rejects. */
export async function workThroughCache(
  { results, clock }: CachedWorkPorts,
  shared: SharedWork,
  work: () => Promise<void>,
): Promise<void> {
  const { run, spot, route } = shared;
  const untilMs = clock.monotonicMs() + Math.min(limits.resultWaitMs, leftBeforeDeadline(clock, run.dispatch));
  while (!run.isOver && clock.monotonicMs() < untilMs) {
    const outcome = await results.claim(spot, run.lease.taskId);
    if (outcome.kind === 'claimed') return fetchForAll(results, shared, work);
    if (outcome.kind === 'found') {
      run.priceMicrocredits = hitPrice(route, hitOf(spot, outcome.found));
      return giveResult(clock, run, outcome.found);
    }
    if (outcome.kind === 'vacant') break;
    let look = await results.poll(spot);
    while (look.kind === 'under-way' && !run.isOver && clock.monotonicMs() < untilMs) look = await results.poll(spot);
  }
  if (!run.isOver) await work();
}

async function fetchForAll(
  results: ResultCache,
  { run, spot, isOwn }: SharedWork,
  work: () => Promise<void>,
): Promise<void> {
  const { taskId } = run.lease;
  const holding = results.hold(spot, taskId);
  try {
    const working = work();
    const outcome = await run.finished;
    // Of a task that another node goes on with, the claim goes on too.
    if (outcome.kind === 'rested') await results.end(spot, taskId, isOwn() ? resultOf(outcome.view) : null);
    await working;
  } finally {
    holding.stop();
  }
}

/** What a hit costs: a part of what the call would have. */
export function hitPrice(route: Route, { skillId, pricePercent }: ResultHit): bigint {
  return (priceOf(route, skillId) * BigInt(pricePercent)) / 100n;
}

/** Ends a task with a result that another call brought. */
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
  const retelling = {
    task: run.committed,
    contextId: run.committed.contextId ?? '',
    nowIso: new Date(nowMs).toISOString(),
  };
  run.isServed = true;
  run.accept(translateAnswer(retelling, answerOf(run, result)).events.map((draft) => noted(draft, note)));
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

/** Says in the status that ends the task where its result is from. */
function noted(draft: Draft, note: NonNullable<Message['metadata']>): Draft {
  const { statusUpdate } = draft.response;
  if (statusUpdate === undefined) return draft;
  const metadata = { ...statusUpdate.metadata, ...note };
  return { ...draft, response: { statusUpdate: { ...statusUpdate, metadata } } };
}

/** What others may have of a task: nothing unless its agent completed it without a question. */
function resultOf({ task, reply }: TaskView): StoredResult | null {
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

/** The call of a run that says the first words of a task; null for what goes on with one. */
export function firstCallOf(
  run: TaskRun,
  { route, subject, chain }: UpstreamCall,
  { kind, message }: Assignment,
): SaidCall | null {
  if (kind !== 'say' || (run.committed.history?.length ?? 0) > 1 || run.upstreamTaskId !== null) return null;
  return { route, ownerId: subject, isDelegated: chain !== undefined, message };
}
