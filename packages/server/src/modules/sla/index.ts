export { setObjective, unsetObjective } from './change-objective.ts';
export type { ChangeObjectivePorts, NamedSubject, RequestedObjective } from './change-objective.ts';
export { countEndedTasks, CountingPace } from './count-ended-tasks.ts';
export { listObjectives } from './list-objectives.ts';
export type { ListedObjectives, TierObjective } from './list-objectives.ts';
export type { ObjectiveChange, SlaObjective, SlaSubject } from './objective.ts';
export { readSlaReport } from './read-sla-report.ts';
export type { SlaReport } from './read-sla-report.ts';
export type { SlaBudget, SlaState, SlaVerdict } from './sla-budget.ts';
export type {
  Counting,
  CountingRules,
  ObjectiveOutcome,
  ReportFacts,
  ReportRequest,
  SlaCounter,
  SlaStore,
} from './sla-store.ts';
export type { AgentCount, SlaCount, SlaSums } from './sla-sums.ts';
