import { Type } from 'typebox';
import type { TNumber } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { agentTiers } from '../../modules/registry/index.ts';
import { closed, pageFields, pageOfSchema, time } from './page-schemas.ts';

const percent = (description: string): TNumber =>
  Type.Number({ minimum: limits.slaPercentMin, maximum: limits.slaPercentMax, description });

const objective = {
  availabilityPercent: percent('Of the tasks that count, those that must not fail; at most four decimals.'),
  latencyMs: Type.Integer({
    minimum: 1,
    maximum: limits.slaLatencyMsMax,
    description: 'The time within which a task is to end, less what it waited for its caller.',
  }),
  latencyPercent: percent(
    'Of the tasks that did not fail, those that must end within that time; at most four decimals.',
  ),
};

export const objectiveSchema = Type.Object(objective, { ...closed, description: 'Replaces what was promised.' });

const holdsFrom = time('The full hour of UTC from which on it holds.');

export const setObjectiveSchema = Type.Object({ ...objective, holdsFrom }, closed);

const said = {
  holdsFrom,
  changedBy: Type.String({ description: 'Id of the principal that said it.' }),
  changedAt: time('When.'),
};
const tier = Type.Enum([...agentTiers]);

export const listedObjectivesSchema = Type.Object(
  {
    tiers: Type.Array(
      Type.Object(
        {
          tier,
          ...objective,
          default: Type.Boolean({ description: 'Whether the tenant has said nothing of the tier.' }),
          holdsFrom: Type.Optional(said.holdsFrom),
          changedBy: Type.Optional(said.changedBy),
          changedAt: Type.Optional(said.changedAt),
        },
        closed,
      ),
      { description: 'What is promised of agents without an objective of their own.' },
    ),
    ...pageOfSchema(Type.Object({ agent: Type.String(), ...objective, ...said }, closed)).properties,
  },
  closed,
);

export const reportQuery = Type.Object(
  {
    month: Type.Optional(
      Type.String({
        pattern: '^2[0-9]{3}-(?:0[1-9]|1[0-2])$',
        description: 'YYYY-MM, of UTC; without it, the month in progress.',
      }),
    ),
    agent: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 63,
        description: 'Only this agent; tiers and total are of it alone then.',
      }),
    ),
    ...pageFields,
  },
  closed,
);

const rate = Type.Optional(
  Type.Number({ description: 'Absent with too few tasks to tell, and when the month is over.' }),
);
const state = Type.Union([Type.Literal('ok'), Type.Literal('burning'), Type.Literal('exhausted')], {
  description: 'burning: at the pace of the last hours the budget does not last; exhausted: it is spent.',
});

const budget = {
  objectivePercent: Type.Optional(
    Type.Number({
      description: 'What was promised; over hours or agents with several objectives, their mean by tasks.',
    }),
  ),
  attainedPercent: Type.Optional(Type.Number({ description: 'What was kept; absent without tasks.' })),
  missed: Type.Integer({ description: 'Tasks that broke the promise.' }),
  allowed: Type.Number({ description: 'Tasks that were allowed to, of those so far.' }),
  left: Type.Number({ description: 'What is left of them; negative when more did.' }),
  burn: Type.Object(
    { lastHour: rate, last6Hours: rate, last24Hours: rate },
    {
      ...closed,
      description:
        'How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too.',
    },
  ),
  met: Type.Optional(Type.Boolean({ description: 'Absent without tasks.' })),
  state,
};

const verdict = {
  tasks: Type.Integer({ description: 'Tasks that ended.' }),
  excused: Type.Integer({
    description: 'Of those, that count neither way: canceled, rejected, or failed through their caller.',
  }),
  served: Type.Integer({ description: 'Of those, that a kept result answered.' }),
  availability: Type.Object(budget, closed),
  latency: Type.Object(
    { ...budget, targetMs: Type.Optional(Type.Integer({ description: 'Absent where there were several.' })) },
    closed,
  ),
  state,
};

export const reportSchema = Type.Object(
  {
    from: time('The first instant of the month, in UTC.'),
    to: time('The first instant of the next month.'),
    running: Type.Boolean({ description: 'Whether the month has not ended.' }),
    pendingEntries: Type.Integer({
      description: 'Entries of the audit chain that are not counted yet; ended tasks may be among them.',
    }),
    changes: Type.Array(
      Type.Object(
        {
          tier: Type.Optional(tier),
          agent: Type.Optional(Type.String()),
          availabilityPercent: Type.Optional(objective.availabilityPercent),
          latencyMs: Type.Optional(objective.latencyMs),
          latencyPercent: Type.Optional(objective.latencyPercent),
          ...said,
        },
        { ...closed, description: 'Without an objective: it was taken back.' },
      ),
      { description: 'What was said to hold from hours of this month on. Hours before were judged by what held then.' },
    ),
    total: Type.Object(verdict, closed),
    tiers: Type.Array(Type.Object({ tier, ...verdict }, closed)),
    ...pageOfSchema(Type.Object({ agent: Type.String(), tier, ...verdict }, closed)).properties,
  },
  closed,
);
