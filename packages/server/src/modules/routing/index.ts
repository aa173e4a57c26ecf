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
