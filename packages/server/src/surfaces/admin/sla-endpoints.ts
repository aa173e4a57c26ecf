import type { SlaSubject } from '../../modules/sla/index.ts';
import { endpoint } from './endpoint.ts';
import { noQuery, pageQuery, pageRequestOf } from './page-schemas.ts';
import { objectivesAnswer, reportAnswer } from './sla-answers.ts';
import {
  listedObjectivesSchema,
  objectiveSchema,
  reportQuery,
  reportSchema,
  setObjectiveSchema,
} from './sla-schemas.ts';

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
      query: noQuery,
      body: objectiveSchema,
      answer: setObjectiveSchema,
      status: 200,
      errors: refusals,
      handle: async (useCases, { caller, path: named, body }) => {
        const holdsFrom = await useCases.setObjective(caller, subjectOf(named), body);
        return { ...body, holdsFrom: holdsFrom.toISOString() };
      },
    }),
    endpoint({
      id: `unset${name}Objective`,
      method: 'DELETE',
      path,
      operation: 'sla.change',
      summary: `Take back what was promised of ${whose}, from the next full hour on`,
      query: noQuery,
      body: null,
      answer: null,
      status: 204,
      errors: [...unknown, 'sla.objective-unknown'],
      handle: async (useCases, { caller, path: named }) => {
        await useCases.unsetObjective(caller, subjectOf(named));
        return null;
      },
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
    body: null,
    answer: listedObjectivesSchema,
    status: 200,
    errors: [],
    handle: async (useCases, { caller, query }) =>
      objectivesAnswer(await useCases.listObjectives(caller, pageRequestOf(query))),
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
    body: null,
    answer: reportSchema,
    status: 200,
    errors: ['registry.agent-unknown'],
    handle: async (useCases, { caller, query }) => {
      const { month, agent } = query;
      const wish = { month: month ?? null, agentName: agent ?? null, page: pageRequestOf(query) };
      return reportAnswer(await useCases.readSlaReport(caller, wish));
    },
  }),
];
