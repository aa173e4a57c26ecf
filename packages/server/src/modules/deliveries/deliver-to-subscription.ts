import type { Task } from '@colloquy/protocol';
import type { ByteBudget, HeldBytes } from '../../kernel/byte-budget.ts';
import { within } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import { extendView } from '../tasks/index.ts';
import type { TaskStore, TaskView } from '../tasks/index.ts';
import { deliveryIdOf } from './delivery.ts';
import type { DeliveryClaim, DeliveryRecord, DueEvent, DueWork } from './delivery.ts';
import { challengeToken, jitterFrom, judgeAnswer } from './delivery-rules.ts';
import type { Verdict } from './delivery-rules.ts';
import type { DeliveryQueue } from './delivery-store.ts';
import { openSecret } from './subscription-secrets.ts';
import type { WebhookAnswer, WebhookCall, WebhookLine, WebhookSender } from './webhook-sender.ts';

/** What a delivery needs. */
export interface SubscriptionDeliveryPorts {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly sender: WebhookSender;
  readonly log: Pick<TaskStore, 'readTail'>;
  /** Counts the bytes of notifications. */
  readonly budget: ByteBudget;
  readonly secretBox: SecretBox;
  readonly random: Random;
  /** Delay before the second attempt. */
  readonly retryMs: number;
  /** Whether a receiver must answer a challenge before its first notification. */
  readonly isChallenging: boolean;
  /** Whether this node may still send under its claim. */
  readonly isHeld: () => boolean;
  readonly signal: AbortSignal;
  /** Gets our own failures, and why receivers were not reached. Never with a secret. */
  readonly report: (error: unknown) => void;
}

/** Each event is in memory as the text that was read, and as the body or the task that is made of it. */
const copiesOfEvent = 2;

/** The deliveries to one receiver under one claim. */
interface Conversation {
  readonly ports: SubscriptionDeliveryPorts;
  readonly claim: DeliveryClaim;
  readonly line: WebhookLine;
  readonly work: DueWork;
  readonly held: HeldBytes;
  /** The task up to the last event that was read, for A2A versions that notify with tasks. */
  view: TaskView | null;
  isVerified: boolean;
  isFailing: boolean;
}

/** Delivers the due events of a claimed subscription in order, until none is left, an attempt fails, or the claim is lost. */
export async function deliverToSubscription(ports: SubscriptionDeliveryPorts, claim: DeliveryClaim): Promise<void> {
  const held = ports.budget.open({ tenantId: claim.tenantId, partyId: 'receivers', kind: 'receivers' });
  try {
    await awaitRoom(ports, held, limits.deliveryPageBytesMax);
    const work = await ports.queue.load(claim);
    if (work !== null) await deliverOver(ports, claim, work, held);
  } catch (error) {
    // The next node does not have to wait until the claim expires; where there is no room, others are delivered to first.
    const delayMs = error === noRoom && !ports.signal.aborted ? ports.retryMs : 0;
    await ports.queue.release(claim, null, delayMs).catch(() => undefined);
    if (error !== noRoom) throw error;
  } finally {
    held.release();
  }
}

/** The tenant holds too much, or the node stops: the claim is given back, and no attempt counts. */
const noRoom = new PlatformError('platform.overloaded');

/** Throws `noRoom` when that takes longer than a delivery to others should have to wait. */
async function awaitRoom(
  { clock, signal }: Pick<SubscriptionDeliveryPorts, 'clock' | 'signal'>,
  held: HeldBytes,
  bytes: number,
): Promise<void> {
  const room = held.room(bytes)?.then(() => true);
  if (room !== undefined && (await within(clock, limits.deliveryRoomMs, room, signal)) === null) throw noRoom;
}

async function deliverOver(
  ports: SubscriptionDeliveryPorts,
  claim: DeliveryClaim,
  work: DueWork,
  held: HeldBytes,
): Promise<void> {
  held.set(copiesOfEvent * work.events.reduce((bytes, { json }) => bytes + (json?.length ?? 0), 0));
  const line = ports.sender.open(work.url, claim.tenantId);
  try {
    const { isFailing } = work;
    const isVerified = work.isVerified || !ports.isChallenging;
    await deliverAll({ ports, claim, line, work, held, view: null, isVerified, isFailing });
  } finally {
    line.close();
  }
}

async function deliverAll(conversation: Conversation): Promise<void> {
  const { ports, claim, work } = conversation;
  const last = work.events.findLastIndex(({ json }) => json !== null);
  for (const [at, event] of work.events.entries()) {
    if (event.json === null) continue;
    if (!ports.isHeld()) return ports.queue.release(claim, null);
    const record = await deliverEvent(conversation, event, event.json, {
      isLast: at === last,
      sentSeq: sentSeqAfter(work, at),
    });
    if (record === null) return ports.queue.release(claim, null);
    if (!(await ports.queue.record(claim, record)) || record.next.kind === 'release') return;
    conversation.isVerified ||= record.isVerified;
    if (!event.isReplay) conversation.isFailing = record.state === 'dead';
  }
  if (last === -1) await ports.queue.release(claim, work.events.findLast(({ isReplay }) => !isReplay)?.seq ?? null);
}

/** The last event that needs no delivery after this one: the messages of the user that follow it count as well. Null for a replay. */
function sentSeqAfter({ events }: DueWork, at: number): number | null {
  const event = events[at];
  if (event === undefined || event.isReplay) return null;
  let { seq } = event;
  for (const next of events.slice(at + 1)) {
    if (next.json !== null) break;
    seq = next.seq;
  }
  return seq;
}

/** Null when the node had to stop: the attempt does not count, and the next holder of the claim repeats it under the same id. */
async function deliverEvent(
  conversation: Conversation,
  event: DueEvent,
  json: string,
  place: { readonly isLast: boolean; readonly sentSeq: number | null },
): Promise<DeliveryRecord | null> {
  const { ports, claim, isFailing } = conversation;
  const deliveryId = deliveryIdOf(claim.subscriptionId, event.seq);
  const task = notifiesWithTasks(conversation.work) ? await taskAt(conversation, event.seq) : null;
  const answer = await attemptOnce(conversation, { deliveryId, json, task });
  if (ports.signal.aborted) return null;
  if (answer.kind === 'no-answer') ports.report(answer.cause);
  const attempts = event.attempts + 1;
  const attemptsMax = event.isReplay || isFailing ? 1 : limits.deliveryAttemptsMax;
  const verdict = judgeAnswer(answer, {
    attempts,
    attemptsMax,
    retryMs: ports.retryMs,
    jitter: jitterFrom(ports.random),
  });
  return recordOf({
    event,
    deliveryId,
    attempts,
    verdict,
    place,
    isVerified: ports.isChallenging && answer.kind === 'answered',
  });
}

type Attempted = WebhookAnswer | { readonly kind: 'challenge-failed' | 'unreadable' };

async function attemptOnce(
  conversation: Conversation,
  notification: Pick<WebhookCall, 'deliveryId' | 'json' | 'task'>,
): Promise<Attempted> {
  const { ports, claim, line, work } = conversation;
  let secrets: Pick<WebhookCall, 'token' | 'authorization'>;
  try {
    secrets = await secretsOf(ports.secretBox, claim, work);
  } catch (error) {
    if (asPlatformError(error).code === 'platform.unavailable') throw error;
    ports.report(error);
    return { kind: 'unreadable' };
  }
  const { signal } = ports;
  if (!conversation.isVerified && !(await line.challenge(challengeToken(ports.random), signal)))
    return { kind: 'challenge-failed' };
  const { subscriptionId, taskId } = claim;
  const { configId, protocolVersion, secretGenerations } = work;
  const named = { taskId, subscriptionId, configId, protocolVersion, secretGenerations };
  return line.notify({ ...notification, ...named, ...secrets, signal });
}

/** Before A2A 1.0, a notification carries the whole task instead of the event. */
function notifiesWithTasks({ protocolVersion }: DueWork): boolean {
  return protocolVersion.startsWith('0.');
}

/** The task after this event. Continues from the last task that was read, and starts over for an earlier event. */
async function taskAt(conversation: Conversation, seq: number): Promise<Task | null> {
  const { claim, ports, held } = conversation;
  let view = conversation.view !== null && conversation.view.seq <= seq ? conversation.view : null;
  while ((view?.seq ?? 0) < seq) {
    const { events, isMore } = await ports.log.readTail(claim.tenantId, claim.taskId, view?.seq ?? 0);
    if (events.length === 0 && !isMore) break;
    const bytes = copiesOfEvent * events.reduce((sum, { json }) => sum + json.length, 0);
    await awaitRoom(ports, held, bytes);
    view = extendView(
      view,
      events.filter((event) => event.seq <= seq),
    );
  }
  conversation.view = view;
  return view?.task ?? null;
}

interface AttemptResult {
  readonly event: DueEvent;
  readonly deliveryId: DeliveryRecord['deliveryId'];
  readonly attempts: number;
  readonly verdict: Verdict;
  readonly place: { readonly isLast: boolean; readonly sentSeq: number | null };
  /** The notification was sent, so the receiver had answered the challenge. */
  readonly isVerified: boolean;
}

function recordOf({ event, deliveryId, attempts, verdict, place, isVerified }: AttemptResult): DeliveryRecord {
  const isRetry = verdict.kind === 'retry';
  const endsSubscription = verdict.kind === 'dead' && verdict.reason === 'gone';
  const isOver = isRetry || endsSubscription || place.isLast;
  return {
    event,
    deliveryId,
    state: isRetry ? 'retrying' : verdict.kind,
    attempts,
    status: verdict.status,
    reason: verdict.kind === 'delivered' ? null : verdict.reason,
    sentSeq: isRetry ? null : place.sentSeq,
    endsSubscription,
    isVerified,
    next: isOver ? { kind: 'release', delayMs: isRetry ? verdict.delayMs : 0 } : { kind: 'go-on' },
  };
}

async function secretsOf(
  box: SecretBox,
  claim: DeliveryClaim,
  { tokenSealed, credentialsScheme, credentialsSealed }: DueWork,
): Promise<Pick<WebhookCall, 'token' | 'authorization'>> {
  return {
    token: tokenSealed === null ? null : await openSecret(box, 'token', tokenSealed, claim),
    authorization:
      credentialsSealed === null || credentialsScheme === null
        ? null
        : { scheme: credentialsScheme, credentials: await openSecret(box, 'credentials', credentialsSealed, claim) },
  };
}
