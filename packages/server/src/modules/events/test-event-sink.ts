import type { Caller } from '../../kernel/caller.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { IdSource } from '../../kernel/ids.ts';
import type { Random } from '../../kernel/random.ts';
import type { EventType } from '../../kernel/outbox-event.ts';
import type { AuditLog } from '../audit/index.ts';
import { challengeToken } from '../deliveries/index.ts';
import type { DeliveryFault, WebhookAnswer, WebhookSender } from '../deliveries/index.ts';
import { cloudEventText, cloudEventType, eventSource } from './cloud-event.ts';
import { entryBy, orUnknown } from './event-sinks.ts';
import type { EventSinkStore } from './event-sink-store.ts';

export interface EventSinkTest {
  readonly isDelivered: boolean;
  readonly status: number | null;
  readonly reason: DeliveryFault | null;
}

export interface EventSinkTestPorts {
  readonly eventSinks: Pick<EventSinkStore, 'findTarget'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly signing: Pick<WebhookSender, 'open'>;
  readonly ids: IdSource;
  readonly random: Random;
  /** Whether a receiver must answer a challenge before events are sent to it. */
  readonly isChallengingReceivers: boolean;
  readonly clock: Clock;
}

const testType: EventType = 'dev.colloquy.event-sink.test.v1';

/** Sends one test event to the sink, whatever its types are, past the outbox and without retries. Throws `events.sink-unknown`. */
export function testEventSink(ports: EventSinkTestPorts) {
  return async (
    caller: Caller,
    { name, publicUrl }: { readonly name: string; readonly publicUrl: string },
  ): Promise<EventSinkTest> => {
    const target = orUnknown(await ports.eventSinks.findTarget(caller.tenant.id, name));
    await ports.audit.append(entryBy(ports, caller, name, { action: 'event-sink.tested' }));
    const event = {
      seq: null,
      eventId: ports.ids.next('evt'),
      type: testType,
      subject: `event-sinks/${name}`,
      time: new Date(ports.clock.nowMs()),
      dataJson: JSON.stringify({ sink: name }),
    };
    const line = ports.signing.open(target.url, caller.tenant.id);
    const { signal } = new AbortController();
    try {
      if (ports.isChallengingReceivers && !(await line.challenge(challengeToken(ports.random), signal)))
        return { isDelivered: false, status: null, reason: 'challenge-failed' };
      const answer = await line.post({
        messageId: event.eventId,
        subscriptionId: target.sinkId,
        secretGenerations: target.secretGenerations,
        contentType: cloudEventType,
        text: cloudEventText(event, eventSource(publicUrl, target.tenantSlug)),
        signal,
      });
      return resultOf(answer);
    } finally {
      line.close();
    }
  };
}

function resultOf(answer: WebhookAnswer): EventSinkTest {
  if (answer.kind !== 'answered') return { isDelivered: false, status: null, reason: answer.kind };
  const { status } = answer;
  if (status >= 200 && status < 300) return { isDelivered: true, status, reason: null };
  return { isDelivered: false, status, reason: status === 410 ? 'gone' : 'http-status' };
}
