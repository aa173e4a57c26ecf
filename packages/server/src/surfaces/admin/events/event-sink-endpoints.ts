import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import {
  getEventSink,
  listEventDeadLetters,
  listEventSinks,
  replayEvents,
  rotateEventSinkSecret,
  setEventSink,
  showEventSinkSecret,
  testEventSink,
  unsetEventSink,
} from '../../../modules/events/index.ts';
import type { EventDeadLetter, EventSink, EventSinkTest } from '../../../modules/events/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';
import { rotatedSecretSchema, secretRotationSchema, signingSecretSchema } from '../signing-secret-schemas.ts';

const url = Type.String({
  format: 'uri',
  maxLength: 2048,
  description: 'Where events are posted. Private addresses need the permission of an operator.',
});

const types = Type.Array(
  Type.String({ pattern: '^[a-z0-9.*-]+$', minLength: 1, maxLength: limits.eventTypeCharsMax }),
  {
    minItems: 1,
    maxItems: limits.eventSinkTypesMax,
    description: 'Event types that the sink receives; `*` stands for any characters.',
  },
);

const reason = Type.Enum(['http-status', 'no-answer', 'address-refused', 'gone', 'challenge-failed', 'unreadable'], {
  description: 'Why the attempt failed.',
});
const status = Type.Integer({ description: 'The HTTP status, when there was an answer.' });

const sinkSchema = component(
  'EventSink',
  Type.Object(
    {
      name: Type.String({ description: 'Unique in the tenant.' }),
      url,
      types,
      createdAt: time('When it was set first; it receives events from then on.'),
      changedBy: Type.String({ description: 'Id of the principal that set it.' }),
      changedAt: time('When it was set.'),
      backlog: Type.Integer({
        minimum: 0,
        description: 'Events of the tenant that the sink has not passed yet, those of other types included.',
      }),
      attempts: Type.Integer({ minimum: 0, description: 'Failed attempts of the next event.' }),
      deadLetters: Type.Integer({ minimum: 0, description: 'Events that failed every attempt.' }),
      missed: Type.Integer({ minimum: 0, description: 'Events that were dropped before the sink got them.' }),
      lastStatus: Type.Optional(status),
      lastReason: Type.Optional(reason),
      lastAttemptAt: Type.Optional(time('When an event was last sent.')),
      deliveredAt: Type.Optional(time('When an event was last delivered.')),
      goneAt: Type.Optional(time('When the receiver answered 410. Nothing is sent until the sink is set again.')),
    },
    closed,
  ),
);

const deadLetterSchema = component(
  'EventDeadLetter',
  Type.Object(
    {
      eventId: Type.String({ description: 'The `id` of the CloudEvent.' }),
      type: Type.String(),
      subject: Type.String(),
      time: time('The `time` of the CloudEvent.'),
      data: Type.Record(Type.String(), Type.Unknown(), { description: 'The `data` of the CloudEvent.' }),
      attempts: Type.Integer({ minimum: 1 }),
      lastStatus: Type.Optional(status),
      lastReason: reason,
      deadAt: time('When the last attempt failed.'),
      isReplaying: Type.Boolean({ description: 'It is being sent again.' }),
    },
    closed,
  ),
);

const testSchema = Type.Object(
  {
    isDelivered: Type.Boolean({ description: 'Whether the receiver answered with 2xx.' }),
    status: Type.Optional(status),
    reason: Type.Optional(reason),
  },
  closed,
);

const sinkAnswer = (sink: EventSink): Static<typeof sinkSchema> => ({
  name: sink.name,
  url: sink.url,
  types: [...sink.types],
  createdAt: sink.createdAt.toISOString(),
  changedBy: sink.changedBy,
  changedAt: sink.changedAt.toISOString(),
  backlog: Number(sink.backlog),
  attempts: sink.attempts,
  deadLetters: sink.deadLetters,
  missed: Number(sink.missed),
  ...(sink.lastStatus === null ? {} : { lastStatus: sink.lastStatus }),
  ...(sink.lastReason === null ? {} : { lastReason: sink.lastReason }),
  ...(sink.lastAttemptAt === null ? {} : { lastAttemptAt: sink.lastAttemptAt.toISOString() }),
  ...(sink.deliveredAt === null ? {} : { deliveredAt: sink.deliveredAt.toISOString() }),
  ...(sink.goneAt === null ? {} : { goneAt: sink.goneAt.toISOString() }),
});

const deadLetterAnswer = (letter: EventDeadLetter): Static<typeof deadLetterSchema> => ({
  eventId: letter.eventId,
  type: letter.type,
  subject: letter.subject,
  time: letter.time.toISOString(),
  data: letter.data,
  attempts: letter.attempts,
  ...(letter.lastStatus === null ? {} : { lastStatus: letter.lastStatus }),
  lastReason: letter.lastReason,
  deadAt: letter.deadAt.toISOString(),
  isReplaying: letter.isReplaying,
});

const testAnswer = ({ isDelivered, status, reason }: EventSinkTest): Static<typeof testSchema> => ({
  isDelivered,
  ...(status === null ? {} : { status }),
  ...(reason === null ? {} : { reason }),
});

const path = '/tenants/{tenant}/event-sinks/{sink}';

export const eventSinkEndpoints = [
  endpoint({
    id: 'listEventSinks',
    method: 'GET',
    path: '/tenants/{tenant}/event-sinks',
    operation: 'event-sink.list',
    summary: 'List the event sinks of the tenant in the order of their names',
    answer: Type.Object({ items: Type.Array(sinkSchema, { maxItems: limits.eventSinksPerTenantMax }) }, closed),
    uses: { listEventSinks },
    handle: async ({ listEventSinks }, { caller }) => ({ items: (await listEventSinks(caller)).map(sinkAnswer) }),
  }),
  endpoint({
    id: 'getEventSink',
    method: 'GET',
    path,
    operation: 'event-sink.list',
    summary: 'Get one event sink of the tenant',
    answer: sinkSchema,
    errors: ['events.sink-unknown'],
    uses: { getEventSink },
    handle: async ({ getEventSink }, { caller, path }) => sinkAnswer(await getEventSink(caller, path.sink)),
  }),
  endpoint({
    id: 'setEventSink',
    method: 'PUT',
    path,
    operation: 'event-sink.change',
    summary: 'Add an event sink, or change its URL and types',
    body: Type.Object({ url, types }, closed),
    answer: sinkSchema,
    errors: ['egress.refused', 'events.sink-limit'],
    uses: { setEventSink },
    handle: async ({ setEventSink }, { caller, path, body }) =>
      sinkAnswer(await setEventSink(caller, { name: path.sink, ...body })),
  }),
  endpoint({
    id: 'unsetEventSink',
    method: 'DELETE',
    path,
    operation: 'event-sink.change',
    summary: 'Remove an event sink with its dead letters',
    errors: ['events.sink-unknown'],
    uses: { unsetEventSink },
    handle: ({ unsetEventSink }, { caller, path }) => unsetEventSink(caller, path.sink),
  }),
  endpoint({
    id: 'testEventSink',
    method: 'POST',
    path: `${path}/test`,
    operation: 'event-sink.test',
    summary: 'Send one test event to the sink, whatever its types are, and show how it answered',
    answer: testSchema,
    errors: ['events.sink-unknown'],
    uses: { testEventSink },
    handle: async ({ testEventSink }, { caller, path, publicUrl }) =>
      testAnswer(await testEventSink(caller, { name: path.sink, publicUrl })),
  }),
  endpoint({
    id: 'listEventDeadLetters',
    method: 'GET',
    path: `${path}/dead-letters`,
    operation: 'event-sink.list',
    summary: 'List the events that failed every attempt at the sink, oldest first',
    query: pageQuery,
    answer: pageOfSchema(deadLetterSchema),
    errors: ['events.sink-unknown'],
    uses: { listEventDeadLetters },
    handle: async ({ listEventDeadLetters }, { caller, path, query }) =>
      pageAnswer(await listEventDeadLetters(caller, path.sink, pageRequestOf(query)), deadLetterAnswer),
  }),
  endpoint({
    id: 'replayEvents',
    method: 'POST',
    path: `${path}/replay`,
    operation: 'event-sink.replay',
    summary: 'Send the dead letters of the sink again, each once and under its id',
    answer: Type.Object({ queued: Type.Integer({ minimum: 0, description: 'Events that are sent again.' }) }, closed),
    errors: ['events.sink-unknown'],
    uses: { replayEvents },
    handle: async ({ replayEvents }, { caller, path }) => ({ queued: await replayEvents(caller, path.sink) }),
  }),
  endpoint({
    id: 'showEventSinkSecret',
    method: 'GET',
    path: `${path}/signing-secret`,
    operation: 'event-sink.read-secret',
    summary: 'Show the secret that verifies the signatures of events to the sink',
    answer: signingSecretSchema,
    errors: ['events.sink-unknown'],
    uses: { showEventSinkSecret },
    handle: ({ showEventSinkSecret }, { caller, path }) => showEventSinkSecret(caller, path.sink),
  }),
  endpoint({
    id: 'rotateEventSinkSecret',
    method: 'POST',
    path: `${path}/signing-secret`,
    operation: 'event-sink.rotate-secret',
    summary: 'Give the receiver of the sink a new secret; for a while both sign',
    body: secretRotationSchema,
    answer: rotatedSecretSchema,
    status: 201,
    errors: ['events.sink-unknown'],
    uses: { rotateEventSinkSecret },
    handle: async ({ rotateEventSinkSecret }, { caller, path, body }) => {
      const input = { name: path.sink, overlapMs: body.overlapMs ?? null };
      const { signingSecret, formerUntil } = await rotateEventSinkSecret(caller, input);
      return { signingSecret, formerUntil: formerUntil.toISOString() };
    },
  }),
];
