import { Type } from 'typebox';
import type { TNumber, Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { agentTiers } from '../../../modules/registry/index.ts';
import { setObjective, unsetObjective, listObjectives, readSlaReport } from '../../../modules/sla/index.ts';
import type {
  ListedObjectives,
  ObjectiveChange,
  SlaBudget,
  SlaObjective,
  SlaReport,
  SlaVerdict,
  SlaSubject,
} from '../../../modules/sla/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageFields, pageOfSchema, time, pageAnswer, pageQuery, pageRequestOf } from '../page-schemas.ts';

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

const objectiveSchema = Type.Object(objective, { ...closed, description: 'Replaces what was promised.' });

const holdsFrom = time('The full hour of UTC from which on it holds.');

const setObjectiveSchema = Type.Object({ ...objective, holdsFrom }, closed);

const said = {
  holdsFrom,
  changedBy: Type.String({ description: 'Id of the principal that said it.' }),
  changedAt: time('When.'),
};
const tier = Type.Enum([...agentTiers]);

const listedObjectivesSchema = Type.Object(
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

const reportQuery = Type.Object(
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

const reportSchema = Type.Object(
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

type Report = Static<typeof reportSchema>;

function objectiveAnswer({ availabilityPpm, latencyMs, latencyPpm }: SlaObjective): Static<typeof objectiveSchema> {
  return { availabilityPercent: availabilityPpm / 10_000, latencyMs, latencyPercent: latencyPpm / 10_000 };
}

function objectivesAnswer({ tiers, agents }: ListedObjectives): Static<typeof listedObjectivesSchema> {
  return {
    tiers: tiers.map(({ tier, objective, said }) => ({
      tier,
      ...objectiveAnswer(objective),
      default: said === null,
      ...(said === null ? {} : saidAnswer(said)),
    })),
    ...pageAnswer(
      {
        ...agents,
        items: agents.items.flatMap((change) =>
          change.objective === null ? [] : [{ change, objective: change.objective }],
        ),
      },
      ({ change, objective }) => ({ agent: change.subject.name, ...objectiveAnswer(objective), ...saidAnswer(change) }),
    ),
  };
}

function reportAnswer({ from, to, isRunning, pendingEntries, changes, total, tiers, agents }: SlaReport): Report {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    running: isRunning,
    pendingEntries,
    changes: changes.map(changeAnswer),
    total: verdictAnswer(total),
    tiers: tiers.map(({ tier, ...verdict }) => ({ tier, ...verdictAnswer(verdict) })),
    ...pageAnswer(agents, ({ agentName, tier, ...verdict }) => ({ agent: agentName, tier, ...verdictAnswer(verdict) })),
  };
}

function saidAnswer({ holdsFrom, changedBy, changedAt }: ObjectiveChange) {
  return { holdsFrom: holdsFrom.toISOString(), changedBy, changedAt: changedAt.toISOString() };
}

function changeAnswer(change: ObjectiveChange): Report['changes'][number] {
  const { subject, objective } = change;
  return {
    ...(subject.kind === 'tier' ? { tier: subject.name } : { agent: subject.name }),
    ...(objective === null ? {} : objectiveAnswer(objective)),
    ...saidAnswer(change),
  };
}

function verdictAnswer({ tasks, excused, served, availability, latency, state }: SlaVerdict): Report['total'] {
  const { targetMs } = latency;
  return {
    tasks,
    excused,
    served,
    availability: budgetAnswer(availability),
    latency: { ...budgetAnswer(latency), ...(targetMs === null ? {} : { targetMs }) },
    state,
  };
}

function budgetAnswer(budget: SlaBudget): Report['total']['availability'] {
  const { objectivePercent, attainedPercent, missed, allowed, left, burn, isMet, state } = budget;
  const { lastHour, last6Hours, last24Hours } = burn;
  return {
    ...(objectivePercent === null ? {} : { objectivePercent }),
    ...(attainedPercent === null ? {} : { attainedPercent }),
    missed,
    allowed,
    left,
    burn: {
      ...(lastHour === null ? {} : { lastHour }),
      ...(last6Hours === null ? {} : { last6Hours }),
      ...(last24Hours === null ? {} : { last24Hours }),
    },
    ...(isMet === null ? {} : { met: isMet }),
    state,
  };
}

/** The two endpoints of one kind of subject. */
function changes<Path extends string>(path: Path, kind: SlaSubject['kind'], whose: string) {
  const name = kind === 'tier' ? 'Tier' : 'Agent';
  const unknown = kind === 'tier' ? (['sla.tier-unknown'] as const) : ([] as const);
  const refusals = kind === 'tier' ? unknown : (['registry.agent-unknown', 'sla.too-many'] as const);
  const subjectOf = (named: Readonly<Record<string, string>>) => ({ kind, name: named[kind] ?? '' });
  return [
    endpoint({
      id: `set${name}Objective`,
      method: 'PUT',
      path,
      operation: 'sla.change',
      summary: `Promise something of ${whose}, from the next full hour on`,
      body: objectiveSchema,
      answer: setObjectiveSchema,
      errors: refusals,
      uses: { setObjective },
      handle: async ({ setObjective }, { caller, path: named, body }) => {
        const holdsFrom = await setObjective(caller, subjectOf(named), body);
        return { ...body, holdsFrom: holdsFrom.toISOString() };
      },
    }),
    endpoint({
      id: `unset${name}Objective`,
      method: 'DELETE',
      path,
      operation: 'sla.change',
      summary: `Take back what was promised of ${whose}, from the next full hour on`,
      errors: [...unknown, 'sla.objective-unknown'],
      uses: { unsetObjective },
      handle: ({ unsetObjective }, { caller, path: named }) => unsetObjective(caller, subjectOf(named)),
    }),
  ];
}

export const slaEndpoints = [
  endpoint({
    id: 'listObjectives',
    method: 'GET',
    path: '/tenants/{tenant}/sla/objectives',
    operation: 'sla.read',
    summary: 'List what is promised of tiers, and of agents with an objective of their own',
    query: pageQuery,
    answer: listedObjectivesSchema,
    uses: { listObjectives },
    handle: async ({ listObjectives }, { caller, query }) =>
      objectivesAnswer(await listObjectives(caller, pageRequestOf(query))),
  }),
  ...changes('/tenants/{tenant}/sla/objectives/tiers/{tier}', 'tier', 'the agents of a tier'),
  ...changes('/tenants/{tenant}/sla/objectives/agents/{agent}', 'agent', 'an agent'),
  endpoint({
    id: 'readSlaReport',
    method: 'GET',
    path: '/tenants/{tenant}/sla/report',
    operation: 'sla.read',
    summary: 'Read how well a month kept what was promised: in total, by tier, and by agent',
    query: reportQuery,
    answer: reportSchema,
    errors: ['registry.agent-unknown'],
    uses: { readSlaReport },
    handle: async ({ readSlaReport }, { caller, query }) => {
      const { month, agent } = query;
      const request = { month: month ?? null, agentName: agent ?? null, page: pageRequestOf(query) };
      return reportAnswer(await readSlaReport(caller, request));
    },
  }),
];
