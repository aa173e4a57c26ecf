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
export { BreakerBoard } from './breaker-board.ts';
export type { BreakerState } from './breaker-machine.ts';
export type { BreakerCause, BreakerStanding, BreakerStore, BreakerSubject, FaultNote } from './breaker-store.ts';
export { InstanceObservations } from './instance-observations.ts';
export type { CallOutcome, InstanceSight } from './instance-observations.ts';
export { InstanceChooser } from './routing-decision.ts';
export type { Decided, RoutingDecision, RoutingWish } from './routing-decision.ts';
export type { LiveFacts } from './candidate.ts';
export type { AgentRoutingStore } from './agent-routing-store.ts';
export { changeRouting, readRouting } from './change-routing.ts';
export { defaultRoutingPolicy, ownRegion } from './routing-policy.ts';
export type { InstanceChoice, MirrorTerms, RoutingPolicy, SkillRouting, VersionShare } from './routing-policy.ts';
export { seedOf } from './seeded-draw.ts';
export type { AgentContext, ContextPlaces } from './context-places.ts';
