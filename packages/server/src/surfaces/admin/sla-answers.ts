import type { Static } from 'typebox';
import type {
  ListedObjectives,
  ObjectiveChange,
  SlaBudget,
  SlaObjective,
  SlaReport,
  SlaVerdict,
} from '../../modules/sla/index.ts';
import { pageAnswer } from './page-schemas.ts';
import type { listedObjectivesSchema, objectiveSchema, reportSchema } from './sla-schemas.ts';

type Report = Static<typeof reportSchema>;

export function objectiveAnswer({
  availabilityPpm,
  latencyMs,
  latencyPpm,
}: SlaObjective): Static<typeof objectiveSchema> {
  return { availabilityPercent: availabilityPpm / 10_000, latencyMs, latencyPercent: latencyPpm / 10_000 };
}

export function objectivesAnswer({ tiers, agents }: ListedObjectives): Static<typeof listedObjectivesSchema> {
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

export function reportAnswer({
  from,
  to,
  isRunning,
  pendingEntries,
  changes,
  total,
  tiers,
  agents,
}: SlaReport): Report {
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
