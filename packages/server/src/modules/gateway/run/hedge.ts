import type { StreamResponse } from '@colloquy/protocol';
import { pause } from '../../../kernel/clock.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import type { Bulkheads } from './bulkheads.ts';
import type { CallObservation, CallObserver } from './call-observer.ts';
import { isWithoutStreams, pump, say } from './talk-to-agent.ts';
import type { Talk } from './talk-to-agent.ts';
import type { AgentAttempts } from './agent-attempts.ts';
import { cancelAtAgent } from './cancel-at-agent.ts';
import type { Upstream, UpstreamCall, UpstreamMessage } from './upstream.ts';

interface HedgePorts {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly calls: CallObserver;
  readonly bulkheads: Bulkheads;
}

/** Another instance that is asked in parallel. It counts towards the concurrency limit of that instance. */
interface Hedge {
  readonly call: UpstreamCall;
  readonly observation: CallObservation;
  /** Ends its call, with the error or null, and frees its place at the instance. */
  readonly leave: (error: unknown) => void;
}

/** One of the two instances that are asked in parallel. */
interface Rival {
  readonly call: UpstreamCall;
  readonly aborter: AbortController;
  readonly answers: AsyncIterator<StreamResponse>;
  /** Its first answer. Never rejects: a failure is one of its outcomes. */
  readonly first: Promise<FirstAnswer>;
}

type FirstAnswer =
  | { readonly kind: 'answered'; readonly rival: Rival; readonly item: StreamResponse | null }
  | { readonly kind: 'failed'; readonly rival: Rival; readonly error: unknown };

/**
 * Sends a message to an instance, and to a second one when the first is silent for the policy's hedge delay. The instance that answers first
 * does the work. The other one is canceled once its id for the task is known, and its answers are dropped.
 */
export async function sayHedged(
  ports: HedgePorts,
  attempts: AgentAttempts,
  talk: Talk,
  message: UpstreamMessage,
): Promise<void> {
  const { clock, call } = talk;
  const first = rivalAt(talk, call, message);
  const isEarly = await Promise.race([first.first, pause(clock, attempts.policy.hedgeMs ?? 0, call.signal)]);
  const hedge = isEarly === undefined ? await beginHedge(ports, attempts) : null;
  if (hedge === null) return follow(talk, await first.first, message);
  const second = rivalAt(talk, { ...hedge.call, signal: call.signal }, message);
  const winner = await firstToAnswer(first, second);
  if (winner.kind === 'failed' || winner.rival === first) {
    const error = winner.kind === 'failed' ? winner.error : canceled;
    void dismiss(ports, second).finally(() => hedge.leave(error));
    return follow(talk, winner.kind === 'failed' ? await first.first : winner, message);
  }
  talk.observation.end(canceled);
  void dismiss(ports, first);
  await followHedge(attempts, { ...talk, call: hedge.call, observation: hedge.observation }, { hedge, winner });
}

/**
 * Begins a hedge: takes a place at another instance, then records it. No hedge where other calls wait for a place, and none while the database
 * is unavailable; the first instance may still answer.
 */
async function beginHedge({ calls, bulkheads }: HedgePorts, attempts: AgentAttempts): Promise<Hedge | null> {
  const call = attempts.chooseHedge();
  if (call === null || !bulkheads.hasPlace(call.instance.instanceId, attempts.policy.callsMax)) return null;
  const observation = calls.begin(call);
  const leave = (error: unknown): void => {
    observation.end(error);
    bulkheads.left(call.instance.instanceId);
  };
  if (await attempts.writeHedge(call).catch(() => false)) return { call, observation, leave };
  leave(canceled);
  return null;
}

const canceled = new PlatformError('request.canceled');

async function followHedge(
  attempts: AgentAttempts,
  talk: Talk,
  { hedge, winner }: { readonly hedge: Hedge; readonly winner: FirstAnswer },
): Promise<void> {
  try {
    let isAdopted = false;
    try {
      isAdopted = await attempts.adopt(talk.call);
    } finally {
      if (!isAdopted) leaveAnswers(winner.rival);
    }
    if (isAdopted) await follow(talk, winner, null);
    hedge.leave(null);
  } catch (error) {
    hedge.leave(error);
    throw error;
  }
}

function rivalAt(talk: Talk, call: UpstreamCall, message: UpstreamMessage): Rival {
  const aborter = new AbortController();
  const own = { ...call, signal: AbortSignal.any([call.signal, aborter.signal]) };
  const answers = answersOf(talk, own, message);
  const first = answers.next().then(
    ({ done, value }): FirstAnswer => ({ kind: 'answered', rival, item: done === true ? null : value }),
    (error: unknown): FirstAnswer => ({ kind: 'failed', rival, error }),
  );
  const rival: Rival = { call, aborter, answers, first };
  return rival;
}

function answersOf({ upstream }: Talk, call: UpstreamCall, message: UpstreamMessage): AsyncIterator<StreamResponse> {
  if (call.route.streaming) return upstream.stream(call, message)[Symbol.asyncIterator]();
  return (async function* () {
    yield await upstream.send(call, message);
  })();
}

/** The first answer of the two, or the later failure when both failed. */
async function firstToAnswer(one: Rival, other: Rival): Promise<FirstAnswer> {
  const early = await Promise.race([one.first, other.first]);
  if (early.kind === 'answered') return early;
  return early.rival === one ? other.first : one.first;
}

/** Accepts the answers of the winner, from its first one on. */
async function follow(talk: Talk, answer: FirstAnswer, message: UpstreamMessage | null): Promise<void> {
  if (answer.kind === 'failed') {
    if (message !== null && isWithoutStreams(asPlatformError(answer.error))) return say(talk, message);
    throw answer.error;
  }
  const { item, rival } = answer;
  if (item === null) return;
  await pump(talk, { [Symbol.asyncIterator]: () => answersFrom(item, rival.answers) });
}

/** The first answer, which was read already, and then the others. A reader that leaves ends those too; a generator at its first `yield` would not. */
function answersFrom(first: StreamResponse, others: AsyncIterator<StreamResponse>): AsyncIterator<StreamResponse> {
  let isFirst = true;
  return {
    next: () => {
      if (!isFirst) return others.next();
      isFirst = false;
      return Promise.resolve({ done: false, value: first });
    },
    return: async () => {
      await others.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** These answers are not read: what has arrived of them is held no longer. */
function leaveAnswers({ answers }: Rival): void {
  void answers.return?.().catch(() => undefined);
}

/** Cancels the slower instance, which has a moment to name the task: only then can it be told. */
async function dismiss(ports: HedgePorts, rival: Rival): Promise<void> {
  const answer = await Promise.race([rival.first, pause(ports.clock, limits.cancelUpstreamMs)]);
  const item = answer?.kind === 'answered' ? answer.item : null;
  await cancelAtAgent(ports, rival.call, nameIn(item));
  rival.aborter.abort();
  leaveAnswers(rival);
}

function nameIn(item: StreamResponse | null): string | null {
  if (item === null) return null;
  return item.task?.id ?? item.statusUpdate?.taskId ?? item.artifactUpdate?.taskId ?? null;
}
