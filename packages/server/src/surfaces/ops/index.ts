export { registerHealth, registerMetrics } from './ops-endpoints.ts';
export type { HealthOptions, MetricsEndpointOptions, Readiness } from './ops-endpoints.ts';
