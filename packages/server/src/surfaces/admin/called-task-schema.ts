import { Type } from 'typebox';
import type { Static } from 'typebox';
import { calledStates } from '../../modules/gateway/index.ts';
import type { CalledTask } from '../../modules/gateway/index.ts';
import { closed, component, time } from './page-schemas.ts';

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

export const calledTaskSchema = component(
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
      deadline: Type.Optional(time('What is not done by then is not done any more.')),
      createdAt: time('When it was recorded.'),
      updatedAt: time('When its status last changed.'),
      completedAt: Type.Optional(time('When it ended.')),
      actualDuration: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds from its beginning to its end.' })),
    },
    closed,
  ),
);

export const calledEventSchema = Type.Object(
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

export function calledTaskAnswer(task: CalledTask): Static<typeof calledTaskSchema> {
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
    ...(deadlineAtMs === null ? {} : { deadline: timeOf(deadlineAtMs) }),
    createdAt: timeOf(createdAtMs),
    updatedAt: timeOf(updatedAtMs),
    ...(completedAtMs === null
      ? {}
      : { completedAt: timeOf(completedAtMs), actualDuration: Math.max(0, completedAtMs - createdAtMs) / 1_000 }),
  };
}
