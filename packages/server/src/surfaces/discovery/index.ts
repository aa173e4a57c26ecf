export { registerDiscovery } from './discovery-api.ts';
export type { DiscoveryOptions } from './discovery-api.ts';
