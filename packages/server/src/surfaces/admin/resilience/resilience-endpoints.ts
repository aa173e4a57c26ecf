import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { listPolicies, setPolicy, unsetPolicy } from '../../../modules/resilience/index.ts';
import type { PolicySubject, ResilienceSettings, ConfiguredPolicy } from '../../../modules/resilience/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const dayMs = 24 * 60 * 60_000;
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }));

const settings = {
  firstAnswerMs: whole(10, dayMs, 'An agent that says nothing for this long has failed.'),
  taskMs: whole(10, dayMs, 'One try may take this long.'),
  callsMax: whole(
    1,
    100_000,
    'Calls of one process that an instance has open at once; as many more wait, and further sends are refused.',
  ),
  queueMsMax: whole(0, dayMs, 'A send is refused while the oldest task that waits for the agent waits for longer.'),
  hedgeMs: whole(
    1,
    dayMs,
    'Of an idempotent skill, another instance is asked as well when none has answered for this long.',
  ),
  fallback: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 63 }), {
      maxItems: limits.agentAttemptsMax,
      description: 'Names of the agents that take its place, in the order in which they are asked.',
    }),
  ),
  fallbackOn: Type.Optional(
    Type.Array(Type.Union([Type.Literal('unavailable'), Type.Literal('failed')]), {
      maxItems: 2,
      description:
        'When the next agent takes over: when nothing reached the one before, or when it, or its task, failed.',
    }),
  ),
  partialResults: Type.Optional(
    Type.Union([Type.Literal('stop'), Type.Literal('go-on')], {
      description:
        'Once an agent has shown something, the task fails with it (stop), or the next one begins anew and what came stays (go-on).',
    }),
  ),
};

const resilienceSettingsSchema = Type.Object(settings, {
  ...closed,
  description: 'Replaces what was set; what is left out is as at any agent, or for a skill, as at its agent.',
});

export const policySchema = Type.Object(
  {
    agent: Type.String(),
    skill: Type.Optional(Type.String({ description: 'Absent for the policy of the whole agent.' })),
    ...settings,
    changedBy: Type.String({ description: 'Id of the principal that set it.' }),
    changedAt: time('When it was set.'),
  },
  closed,
);

const skillQuery = Type.Object(
  {
    skill: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.callerIdCharsMax,
        description: 'Only for this skill of the agent.',
      }),
    ),
  },
  closed,
);

function settingsOf(body: Static<typeof resilienceSettingsSchema>): ResilienceSettings {
  return {
    firstAnswerMs: body.firstAnswerMs ?? null,
    taskMs: body.taskMs ?? null,
    callsMax: body.callsMax ?? null,
    queueMsMax: body.queueMsMax ?? null,
    hedgeMs: body.hedgeMs ?? null,
    fallback: body.fallback ?? null,
    fallbackOn: body.fallbackOn ?? null,
    partialResults: body.partialResults ?? null,
  };
}

function shown({ fallback, fallbackOn, ...others }: ResilienceSettings): Static<typeof resilienceSettingsSchema> {
  return {
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)),
    ...(fallback === null ? {} : { fallback: [...fallback] }),
    ...(fallbackOn === null ? {} : { fallbackOn: [...fallbackOn] }),
  };
}

function answerOf({ subject, settings: said, changedBy, changedAt }: ConfiguredPolicy): Static<typeof policySchema> {
  return {
    agent: subject.agentName,
    ...(subject.skillId === null ? {} : { skill: subject.skillId }),
    ...shown(said),
    changedBy,
    changedAt: changedAt.toISOString(),
  };
}

function subjectOf(agentName: string, { skill }: Static<typeof skillQuery>): PolicySubject {
  return { agentName, skillId: skill ?? null };
}

const path = '/tenants/{tenant}/agents/{agent}/resilience';

export const resilienceEndpoints = [
  endpoint({
    id: 'listResiliencePolicies',
    method: 'GET',
    path: '/tenants/{tenant}/resilience',
    operation: 'resilience.list',
    summary: 'List how agents of the tenant are called when things go wrong',
    query: pageQuery,
    answer: pageOfSchema(policySchema),
    uses: { listPolicies },
    handle: async ({ listPolicies }, { caller, query }) =>
      pageAnswer(await listPolicies(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'setResiliencePolicy',
    method: 'PUT',
    path,
    operation: 'resilience.change',
    summary: 'Set how an agent, or a skill of it, is called when things go wrong, from now on',
    query: skillQuery,
    body: resilienceSettingsSchema,
    answer: resilienceSettingsSchema,
    errors: ['registry.agent-unknown', 'resilience.skill-unknown'],
    uses: { setPolicy },
    handle: async ({ setPolicy }, { caller, path: named, query, body }) =>
      shown(await setPolicy(caller, subjectOf(named.agent, query), settingsOf(body))),
  }),
  endpoint({
    id: 'unsetResiliencePolicy',
    method: 'DELETE',
    path,
    operation: 'resilience.change',
    summary: 'Take back what was set for an agent, or for a skill of it',
    query: skillQuery,
    errors: ['resilience.unknown'],
    uses: { unsetPolicy },
    handle: ({ unsetPolicy }, { caller, path: named, query }) => unsetPolicy(caller, subjectOf(named.agent, query)),
  }),
];
