import type { JsonObject, StreamResponse } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import {
  calledStates,
  calledEvent,
  timeFrom,
  callSkill,
  readCalledTask,
  followCalledTask,
} from '../../../modules/gateway/index.ts';
import type { CalledTask } from '../../../modules/gateway/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';
import { taskCostAnswer, taskCostFields } from '../prices/price-schemas.ts';
import { AnsweredStream } from '../serve-events.ts';

const status = Type.Enum([...calledStates], { description: '`timeout`: it failed because its time was over.' });
const outputs = Type.Optional(Type.Unknown({ description: 'The newest data that the agent gave.' }));
const text = Type.Optional(Type.String({ description: 'What the agent gave in words.' }));
const violation = Type.Object(
  { field: Type.String({ description: 'JSON pointer into the outputs (RFC 6901).' }), description: Type.String() },
  closed,
);

const failureSchema = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    retryAfterMs: Type.Optional(
      Type.Integer({ description: 'The agent asked to be left alone for so long, with 429 or 503 and `Retry-After`.' }),
    ),
  },
  closed,
);

const calledTaskSchema = component(
  'CalledTask',
  Type.Object(
    {
      taskId: Type.String(),
      type: Type.Optional(Type.String({ description: 'Id of the skill.' })),
      inputs: Type.Optional(Type.Unknown({ description: 'What the skill was asked.' })),
      status,
      outputs,
      text,
      outputViolations: Type.Optional(
        Type.Array(violation, {
          description: "Where the outputs break the skill's schema; the task is completed all the same.",
        }),
      ),
      error: Type.Optional(failureSchema),
      tenantId: Type.String({ description: 'Slug of the tenant.' }),
      requesterAgentId: Type.String({ description: 'Id of the principal that called.' }),
      targetAgentId: Type.String({ description: 'Name of the agent.' }),
      contextId: Type.String(),
      ...taskCostFields,
      deadline: Type.Optional(time('What is not done by then is not done any more.')),
      createdAt: time('When it was recorded.'),
      updatedAt: time('When its status last changed.'),
      completedAt: Type.Optional(time('When it ended.')),
      actualDuration: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds from its beginning to its end.' })),
    },
    closed,
  ),
);

const calledEventSchema = Type.Object(
  {
    taskId: Type.String(),
    status: Type.Optional(status),
    timestamp: Type.Optional(time('When it came to this status.')),
    outputs,
    text,
  },
  closed,
);

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

function calledTaskAnswer(task: CalledTask): Static<typeof calledTaskSchema> {
  const { createdAtMs, updatedAtMs, completedAtMs, deadlineAtMs, outputViolations } = task;
  return {
    taskId: task.taskId,
    ...(task.type === null ? {} : { type: task.type }),
    ...(task.inputs === null ? {} : { inputs: task.inputs }),
    status: task.status,
    ...(task.outputs === undefined ? {} : { outputs: task.outputs }),
    ...(task.text === '' ? {} : { text: task.text }),
    ...(outputViolations.length === 0 ? {} : { outputViolations: [...outputViolations] }),
    ...(task.error === null ? {} : { error: task.error }),
    tenantId: task.tenantSlug,
    requesterAgentId: task.requesterId,
    targetAgentId: task.agentName,
    contextId: task.contextId,
    ...taskCostAnswer(task.cost),
    ...(deadlineAtMs === null ? {} : { deadline: timeOf(deadlineAtMs) }),
    createdAt: timeOf(createdAtMs),
    updatedAt: timeOf(updatedAtMs),
    ...(completedAtMs === null
      ? {}
      : { completedAt: timeOf(completedAtMs), actualDuration: Math.max(0, completedAtMs - createdAtMs) / 1_000 }),
  };
}

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
export const callDataPlaneEndpoints = [
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
      'credits.budget-exceeded',
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
