import { Type } from 'typebox';
import type { Static } from 'typebox';
import { listDeadLetters, replayDeadLetter } from '../../../modules/gateway/index.ts';
import { deadLetterReasons } from '../../../modules/tasks/index.ts';
import type { DeadLetter } from '../../../modules/tasks/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageFields, pageOfSchema, pageRequestOf, time } from '../page-schemas.ts';

const reasonSchema = Type.Enum([...deadLetterReasons], {
  description: 'No try was left, its deadline had passed, or its workers died one after the other.',
});

const deadLetterSchema = Type.Object(
  {
    taskId: Type.String(),
    agent: Type.String({ description: 'Name of the agent.' }),
    ownerId: Type.String({ description: 'Id of the principal that sent it.' }),
    reason: reasonSchema,
    errorCode: Type.String({ description: 'What it failed with in the end.' }),
    tries: Type.Integer({ minimum: 0, description: 'How often it was given to its agent.' }),
    sentAt: time('When it was recorded.'),
    deadAt: time('When it was dead-lettered.'),
    replayedAs: Type.Optional(Type.String({ description: 'The task that its message was sent again in.' })),
  },
  closed,
);

const replaySchema = Type.Object(
  {
    taskId: Type.String({ description: 'The new task.' }),
    replayOf: Type.String({ description: 'The dead one, which stays as it ended.' }),
  },
  closed,
);

const listQuery = Type.Object(
  {
    ...pageFields,
    agent: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Only those that were sent to the agent of this name.',
      }),
    ),
    reason: Type.Optional(reasonSchema),
  },
  closed,
);

const answerOf = (letter: DeadLetter): Static<typeof deadLetterSchema> => ({
  taskId: letter.taskId,
  agent: letter.agentName,
  ownerId: letter.ownerId,
  reason: letter.reason,
  errorCode: letter.errorCode,
  tries: letter.tries,
  sentAt: letter.sentAt.toISOString(),
  deadAt: letter.deadAt.toISOString(),
  ...(letter.replayedAs === null ? {} : { replayedAs: letter.replayedAs }),
});

export const deadLetterDataPlaneEndpoints = [
  endpoint({
    id: 'listDeadLetters',
    method: 'GET',
    path: '/tenants/{tenant}/dead-letters',
    operation: 'dead-letter.list',
    summary: 'List the dead-lettered tasks, oldest first, without their content',
    query: listQuery,
    answer: pageOfSchema(deadLetterSchema),
    uses: { listDeadLetters },
    handle: async ({ listDeadLetters }, { caller, query }) => {
      const wanted = { ...pageRequestOf(query), agentName: query.agent ?? null, reason: query.reason ?? null };
      return pageAnswer(await listDeadLetters(caller, wanted), answerOf);
    },
  }),
  endpoint({
    id: 'replayDeadLetter',
    method: 'POST',
    path: '/tenants/{tenant}/dead-letters/{task}/replay',
    operation: 'dead-letter.replay',
    summary: 'Send the message of a dead letter again for its sender, in a new task; once for each dead letter',
    answer: replaySchema,
    errors: [
      'task.dead-letter-unknown',
      'task.not-replayable',
      'registry.agent-unknown',
      'credits.insufficient',
      'credits.budget-exceeded',
      'limits.quota-used',
    ],
    uses: { replayDeadLetter },
    handle: async ({ replayDeadLetter }, { caller, path }) => ({
      taskId: await replayDeadLetter(caller, path.task),
      replayOf: path.task,
    }),
  }),
];
