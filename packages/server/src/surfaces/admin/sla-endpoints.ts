import type { SlaSubject } from '../../modules/sla/index.ts';
import { setObjective, unsetObjective, listObjectives, readSlaReport } from '../../modules/sla/index.ts';
import { endpoint } from './endpoint.ts';
import { pageQuery, pageRequestOf } from './page-schemas.ts';
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
      const wish = { month: month ?? null, agentName: agent ?? null, page: pageRequestOf(query) };
      return reportAnswer(await readSlaReport(caller, wish));
    },
  }),
];
