export { listPolicies, setPolicy, unsetPolicy } from './change-policy.ts';
export type { PolicyPorts } from './change-policy.ts';
export type { PolicyOutcome, PolicyStore } from './policy-store.ts';
export { noPolicy, policyFor } from './resilience-policy.ts';
export type {
  AgentPolicies,
  FallbackCondition,
  PolicySubject,
  ResilienceSettings,
  ResiliencePolicy,
  ConfiguredPolicy,
} from './resilience-policy.ts';
