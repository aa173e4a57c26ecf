import { Type } from 'typebox';
import type { Static } from 'typebox';
import {
  listDeliveries,
  replayDelivery,
  showSigningSecret,
  rotateSigningSecret,
} from '../../../modules/deliveries/index.ts';
import type { Delivery } from '../../../modules/deliveries/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from '../page-schemas.ts';
import { rotatedSecretSchema, secretRotationSchema, signingSecretSchema } from '../signing-secret-schemas.ts';

const stateSchema = Type.Enum(['retrying', 'delivered', 'dead', 'replaying']);

const deliverySchema = component(
  'Delivery',
  Type.Object(
    {
      deliveryId: Type.String({ description: 'The `webhook-id` that its receiver saw, at every try the same.' }),
      taskId: Type.String(),
      configId: Type.String({ description: 'Id of the push notification config.' }),
      url: Type.String({ format: 'uri' }),
      seq: Type.Integer({ minimum: 1, description: "The event of the task's log." }),
      state: stateSchema,
      attempts: Type.Integer({ minimum: 0 }),
      lastStatus: Type.Optional(
        Type.Integer({ description: 'The HTTP status of the last try, when there was an answer.' }),
      ),
      lastReason: Type.Optional(
        Type.Enum(['http-status', 'no-answer', 'address-refused', 'gone', 'challenge-failed', 'unreadable'], {
          description: 'Why the last try failed.',
        }),
      ),
      firstAttemptAt: time('When it was first tried.'),
      lastAttemptAt: time('When it was last tried.'),
    },
    closed,
  ),
);

const answerOf = (delivery: Delivery): Static<typeof deliverySchema> => ({
  deliveryId: delivery.deliveryId,
  taskId: delivery.taskId,
  configId: delivery.configId,
  url: delivery.url,
  seq: delivery.seq,
  state: delivery.state,
  attempts: delivery.attempts,
  ...(delivery.lastStatus === null ? {} : { lastStatus: delivery.lastStatus }),
  ...(delivery.lastReason === null ? {} : { lastReason: delivery.lastReason }),
  firstAttemptAt: delivery.firstAttemptAt.toISOString(),
  lastAttemptAt: delivery.lastAttemptAt.toISOString(),
});

const listQuery = Type.Object(
  {
    ...pageFields,
    task: Type.Optional(Type.String({ description: 'Only those of this task.' })),
    state: Type.Optional(stateSchema),
  },
  closed,
);

export const deliveryEndpoints = [
  endpoint({
    id: 'listDeliveries',
    method: 'GET',
    path: '/tenants/{tenant}/deliveries',
    operation: 'delivery.list',
    summary: 'List what was told to the receivers of push notifications, oldest task first',
    query: listQuery,
    answer: pageOfSchema(deliverySchema),
    uses: { listDeliveries },
    handle: async ({ listDeliveries }, { caller, query }) => {
      const wanted = { ...pageRequestOf(query), taskId: query.task ?? null, state: query.state ?? null };
      return pageAnswer(await listDeliveries(caller, wanted), answerOf);
    },
  }),
  endpoint({
    id: 'replayDelivery',
    method: 'POST',
    path: '/tenants/{tenant}/deliveries/{delivery}/replay',
    operation: 'delivery.replay',
    summary: 'Tell a receiver again, once and under the same id, what it was told or was to be told',
    answer: deliverySchema,
    errors: ['delivery.unknown', 'delivery.pending'],
    uses: { replayDelivery },
    handle: async ({ replayDelivery }, { caller, path }) => answerOf(await replayDelivery(caller, path.delivery)),
  }),
  endpoint({
    id: 'showSigningSecret',
    method: 'GET',
    path: '/tenants/{tenant}/deliveries/{delivery}/signing-secret',
    operation: 'delivery.read-secret',
    summary: 'Show the secret that the receiver of a delivery checks its signature with',
    answer: signingSecretSchema,
    errors: ['delivery.unknown'],
    uses: { showSigningSecret },
    handle: async ({ showSigningSecret }, { caller, path }) => showSigningSecret(caller, path.delivery),
  }),
  endpoint({
    id: 'rotateSigningSecret',
    method: 'POST',
    path: '/tenants/{tenant}/deliveries/{delivery}/signing-secret',
    operation: 'delivery.rotate-secret',
    summary: 'Give the receiver of a delivery a new secret; for a while both sign',
    body: secretRotationSchema,
    answer: rotatedSecretSchema,
    status: 201,
    errors: ['delivery.unknown'],
    uses: { rotateSigningSecret },
    handle: async ({ rotateSigningSecret }, { caller, path, body }) => {
      const input = { deliveryId: path.delivery, overlapMs: body.overlapMs ?? null };
      const { signingSecret, formerUntil } = await rotateSigningSecret(caller, input);
      return { signingSecret, formerUntil: formerUntil.toISOString() };
    },
  }),
];
