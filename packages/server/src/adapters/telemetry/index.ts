export { registerAuditMetrics } from './audit-metrics.ts';
export { registerInstanceMetrics } from './instance-metrics.ts';
export { registerEndpointMetrics } from './endpoint-metrics.ts';
export { createLogger } from './logger.ts';
export type { LoggerOptions } from './logger.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export { registerQueueMetrics } from './queue-metrics.ts';
export { registerSlaMetrics } from './sla-metrics.ts';
