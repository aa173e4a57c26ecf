import type { JsonObject, StreamResponse } from '@colloquy/protocol';
import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { calledEvent, timeFrom, callSkill, readCalledTask, followCalledTask } from '../../modules/gateway/index.ts';
import { calledEventSchema, calledTaskAnswer, calledTaskSchema } from './called-task-schema.ts';
import { endpoint } from './endpoint.ts';
import { closed, time } from './page-schemas.ts';
import { AnsweredStream } from './serve-events.ts';

const callSchema = Type.Object(
  {
    inputs: Type.Object(
      {},
      { additionalProperties: true, description: 'What the skill is asked: judged by its input schema.' },
    ),
    contextId: Type.Optional(
      Type.String({ minLength: 1, maxLength: limits.callerIdCharsMax, description: 'The conversation it belongs to.' }),
    ),
    priority: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 9, description: '9 is the most urgent; 5 if not said.' }),
    ),
    deadline: Type.Optional(time('What is not done by then is not done any more; in the future.')),
  },
  closed,
);

const parseLogged: (json: string) => StreamResponse = JSON.parse;

/** Calls of skills: tasks in the shapes of their schemas. */
export const callEndpoints = [
  endpoint({
    id: 'callSkill',
    method: 'POST',
    path: '/agents/{agent}/skills/{skill}/tasks',
    operation: 'call.send',
    summary: 'Begin a task for a skill of an agent of the own tenant',
    body: callSchema,
    answer: calledTaskSchema,
    status: 201,
    takesKey: true,
    errors: [
      'registry.agent-unknown',
      'task.skill-unknown',
      'task.idempotency-conflict',
      'credits.insufficient',
      'limits.quota-used',
      'upstream.queue-too-old',
    ],
    uses: { callSkill },
    handle: async ({ callSkill }, { caller, path, body, fields }) => {
      const task = await callSkill(caller, {
        agentName: path.agent,
        skillId: path.skill,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was read from JSON, and is an object
        inputs: body.inputs as JsonObject,
        contextId: body.contextId ?? null,
        priority: body.priority ?? null,
        deadlineAtMs: body.deadline === undefined ? null : timeFrom(body.deadline, 'deadline'),
        idempotencyKey: fields.idempotencyKey,
      });
      return calledTaskAnswer(task);
    },
  }),
  endpoint({
    id: 'readTask',
    method: 'GET',
    path: '/tasks/{task}',
    operation: 'call.read',
    summary: 'Show an own task, with what it was asked and what it gave',
    answer: calledTaskSchema,
    errors: ['task.unknown'],
    uses: { readCalledTask },
    handle: async ({ readCalledTask }, { caller, path }) => calledTaskAnswer(await readCalledTask(caller, path.task)),
  }),
  endpoint({
    id: 'followTask',
    method: 'GET',
    path: '/tasks/{task}/events',
    operation: 'call.follow',
    summary: 'Stream what happens to an own task, from its beginning or after an event, until it ends',
    answer: calledEventSchema,
    isStream: true,
    errors: ['task.unknown', 'stream.limit'],
    uses: { followCalledTask },
    handle: async ({ followCalledTask }, { caller, path, fields }) => {
      const events = await followCalledTask(caller, path.task, fields.lastEventId);
      return new AnsweredStream(events, (json) => JSON.stringify(calledEvent(path.task, parseLogged(json))));
    },
  }),
];
