export { admitInstance, changeInstance, leaveInstance, removeInstance } from './change-instance.ts';
export type { AdmissionRequest } from './change-instance.ts';
export { readAgentHealth } from './agent-health.ts';
export type { AgentHealth } from './agent-health.ts';
export { changeProbePolicy, readProbePolicy } from './change-probe-policy.ts';
export type { PolicyInForce, ProbePolicyStore } from './change-probe-policy.ts';
export { getInstance } from './find-instance.ts';
export type { Dependency, HealthReport, HealthState, JudgedHealth, ReportedState } from './health.ts';
export type {
  HealthChange,
  HealthStore,
  InstancePlace,
  StoredFacts,
  ProbeTarget,
  RenewedLease,
} from './health-store.ts';
export { HealthWatch } from './health-watch.ts';
export type { HealthCounts } from './health-watch.ts';
export type { InstanceAdmission, InstanceEvent, InstanceSource, NewInstance, RegisteredInstance } from './instance.ts';
export type { AdmissionChange, InstanceAddress, InstanceChange, InstanceStore, Placement } from './instance-store.ts';
export { InstanceUses } from './instance-uses.ts';
export { listInstanceEvents, listInstances } from './list-instances.ts';
export type { ProbeOutcome } from './probe-machine.ts';
export type { ProbeKind, ProbePolicy } from './probe-policy.ts';
export type { InstanceProbe, InstanceProber } from './prober.ts';
export { registerInstance, serveInstance } from './register-instance.ts';
export { renewInstance } from './renew-instance.ts';
export type { Heartbeat } from './renew-instance.ts';
