export type {
  AgentInstance,
  InstanceAdmission,
  InstanceHealth,
  Route,
  RouteSkill,
  UpstreamCredential,
} from './route.ts';
export type { RouteStore } from './route-store.ts';
export { RouteCache } from './route-cache.ts';
export { decideRoute } from './routing-decision.ts';
export type { RoutingDecision } from './routing-decision.ts';
export { BreakerBoard } from './breaker-board.ts';
export type { BreakerState } from './breaker-machine.ts';
export type { BreakerCause, BreakerStanding, BreakerStore, BreakerSubject, FaultNote } from './breaker-store.ts';
export { InstanceObservations } from './instance-observations.ts';
export type { CallOutcome, InstanceSight } from './instance-observations.ts';
