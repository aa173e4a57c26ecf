import type { Random } from '../../kernel/random.ts';
import { limits } from '../../kernel/limits.ts';
import { challengeToken, jitterFrom, judgeAnswer, ReceiverWorker } from '../deliveries/index.ts';
import type { ClaimHold, ReceiverWorkerOptions, Verdict, WebhookLine, WebhookSender } from '../deliveries/index.ts';
import { cloudEventText, cloudEventType, eventSource } from './cloud-event.ts';
import type { DueEvents, DueStoredEvent, EventOutcome, EventRecord, EventSinkClaim } from './event-sink.ts';
import type { EventQueue } from './event-sink-store.ts';

export interface EventDeliveryPorts {
  readonly queue: EventQueue;
  readonly sender: WebhookSender;
  readonly random: Random;
  /** The address of the platform, where the `source` of events begins. */
  readonly publicUrl: string;
  /** Delay before the second attempt. */
  readonly retryMs: number;
  /** Whether a receiver must answer a challenge before events are sent to it. */
  readonly isChallenging: boolean;
  /** Counts attempts by their outcome. */
  readonly count: (outcome: EventOutcome) => void;
  /** Gets our own failures, and why receivers were not reached. Never with a secret. */
  readonly report: (error: unknown) => void;
  /** Events were dropped from the outbox before the sink got them. */
  readonly reportMissed: (claim: EventSinkClaim, missed: bigint) => void;
}

export type EventWorkerOptions = EventDeliveryPorts & Pick<ReceiverWorkerOptions<EventSinkClaim>, 'clock' | 'nodeId'>;

/** Delivers the outboxes of tenants to their sinks. */
export function createEventWorker(options: EventWorkerOptions): ReceiverWorker<EventSinkClaim> {
  return new ReceiverWorker({
    claim: (nodeId, request) => options.queue.claim(nodeId, request),
    deliver: (claim, hold) => deliverToSink(options, claim, hold),
    bounds: {
      inFlightMax: limits.eventSinksInFlightMax,
      perOriginMax: limits.eventSinksInFlightPerTenantMax,
      perTenantMax: limits.eventSinksInFlightPerTenantMax,
    },
    clock: options.clock,
    nodeId: options.nodeId,
    report: options.report,
  });
}

/** Delivers a page of due events of a claimed sink in order, until none is left, an attempt fails, or the claim is lost. */
async function deliverToSink(ports: EventDeliveryPorts, claim: EventSinkClaim, hold: ClaimHold): Promise<void> {
  let due: DueEvents | null;
  try {
    due = await ports.queue.load(claim);
  } catch (error) {
    // The next node does not have to wait until the claim expires.
    await ports.queue.release(claim, null).catch(() => undefined);
    throw error;
  }
  if (due === null) return;
  if (due.missed > 0n) ports.reportMissed(claim, due.missed);
  if (due.events.length === 0) return ports.queue.release(claim, due.scannedSeq);
  const line = ports.sender.open(due.url, claim.tenantId);
  try {
    await deliverPage({ ports, claim, hold, due, line });
  } finally {
    line.close();
  }
}

interface SinkDelivery {
  readonly ports: EventDeliveryPorts;
  readonly claim: EventSinkClaim;
  readonly hold: ClaimHold;
  readonly due: DueEvents;
  readonly line: WebhookLine;
}

async function deliverPage(delivery: SinkDelivery): Promise<void> {
  const { ports, claim, hold, due, line } = delivery;
  const isVerified = !ports.isChallenging || (await line.challenge(challengeToken(ports.random), hold.signal));
  for (const [at, event] of due.events.entries()) {
    if (!hold.isHeld()) return ports.queue.release(claim, null);
    const verdict = await attempt(delivery, event, isVerified);
    // The node had to stop: the attempt does not count, and the next holder of the claim repeats it under the same id.
    if (verdict === null) return ports.queue.release(claim, null);
    const isLast = at === due.events.length - 1;
    const record = recordOf(event, verdict, isLast ? due.scannedSeq : null);
    ports.count(record.outcome);
    if (!(await ports.queue.record(claim, record)) || record.next.kind === 'release') return;
  }
}

async function attempt(
  { ports, hold, due, line }: SinkDelivery,
  event: DueStoredEvent,
  isVerified: boolean,
): Promise<Verdict | null> {
  const answer = isVerified
    ? await line.post({
        messageId: event.eventId,
        subscriptionId: due.sinkId,
        secretGenerations: due.secretGenerations,
        contentType: cloudEventType,
        text: cloudEventText(event, eventSource(ports.publicUrl, due.tenantSlug)),
        signal: hold.signal,
      })
    : ({ kind: 'challenge-failed' } as const);
  if (hold.signal.aborted) return null;
  if (answer.kind === 'no-answer') ports.report(answer.cause);
  return judgeAnswer(answer, {
    attempts: event.attempts + 1,
    attemptsMax: event.isReplay ? 1 : limits.eventAttemptsMax,
    retryMs: ports.retryMs,
    jitter: jitterFrom(ports.random),
  });
}

/** `scannedSeq`: up to where the outbox was read, after the last event of a page; null for the others. */
function recordOf(event: DueStoredEvent, verdict: Verdict, scannedSeq: bigint | null): EventRecord {
  const isGone = verdict.kind === 'dead' && verdict.reason === 'gone';
  const isSettled = verdict.kind !== 'retry' && !isGone;
  const outcome = isGone ? 'gone' : verdict.kind === 'retry' ? 'retrying' : verdict.kind;
  const isOver = !isSettled || scannedSeq !== null;
  const passedSeq = scannedSeq ?? (event.isReplay ? null : event.seq);
  return {
    event,
    outcome,
    attempts: event.attempts + 1,
    status: verdict.status,
    reason: verdict.kind === 'delivered' ? null : verdict.reason,
    sentSeq: isSettled ? passedSeq : null,
    next: isOver ? { kind: 'release', delayMs: verdict.kind === 'retry' ? verdict.delayMs : 0 } : { kind: 'go-on' },
  };
}
