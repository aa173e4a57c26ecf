export { registerHealth } from './health.ts';
export type { HealthOptions, Readiness } from './health.ts';
export { registerMetrics } from './metrics-endpoint.ts';
export type { MetricsEndpointOptions } from './metrics-endpoint.ts';
