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

/** Another instance that is asked too, in its place among the calls of that instance. */
interface Hedge {
  readonly call: UpstreamCall;
  readonly observation: CallObservation;
  /** Its call is over, as `error` tells: its place is somebody else's. */
  readonly leave: (error: unknown) => void;
}

/** One of those who were asked at once. */
interface Rival {
  readonly call: UpstreamCall;
  readonly aborter: AbortController;
  readonly answers: AsyncIterator<StreamResponse>;
  /** Its first words. Never rejects: a failure is one of its outcomes. */
  readonly first: Promise<FirstWords>;
}

type FirstWords =
  | { readonly kind: 'said'; readonly rival: Rival; readonly item: StreamResponse | null }
  | { readonly kind: 'failed'; readonly rival: Rival; readonly error: unknown };

/**
 * Says a turn to an instance, and to another one as well when the first is silent for the time of the policy. Who speaks first does the
 * work; the other is canceled as soon as its name for the task is known, and nothing of what it says counts.
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
  const winner = await firstToSpeak(first, second);
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
 * Takes a place at another instance before that is written. None where others wait for a place: a hedge is to save time, not to take that of
 * others. Without the database nobody else is asked; whoever was asked may still answer.
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
  { hedge, winner }: { readonly hedge: Hedge; readonly winner: FirstWords },
): Promise<void> {
  try {
    if (await attempts.adopt(talk.call)) await follow(talk, winner, null);
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
    ({ done, value }): FirstWords => ({ kind: 'said', rival, item: done === true ? null : value }),
    (error: unknown): FirstWords => ({ kind: 'failed', rival, error }),
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

/** The one that said something first, or the later failure when both failed. */
async function firstToSpeak(one: Rival, other: Rival): Promise<FirstWords> {
  const early = await Promise.race([one.first, other.first]);
  if (early.kind === 'said') return early;
  return early.rival === one ? other.first : one.first;
}

/** Takes what the winner says, from its first words on. */
async function follow(talk: Talk, words: FirstWords, message: UpstreamMessage | null): Promise<void> {
  if (words.kind === 'failed') {
    if (message !== null && isWithoutStreams(asPlatformError(words.error))) return say(talk, message);
    throw words.error;
  }
  const { item, rival } = words;
  if (item === null) return;
  await pump(
    talk,
    (async function* () {
      yield item;
      yield* { [Symbol.asyncIterator]: () => rival.answers };
    })(),
  );
}

/** Lets go of the slower one: it is told to stop when it names the task, which it has a moment for. */
async function dismiss(ports: HedgePorts, rival: Rival): Promise<void> {
  const words = await Promise.race([rival.first, pause(ports.clock, limits.cancelUpstreamMs)]);
  const item = words?.kind === 'said' ? words.item : null;
  await cancelAtAgent(ports, rival.call, nameIn(item));
  rival.aborter.abort();
}

function nameIn(item: StreamResponse | null): string | null {
  if (item === null) return null;
  return item.task?.id ?? item.statusUpdate?.taskId ?? item.artifactUpdate?.taskId ?? null;
}
