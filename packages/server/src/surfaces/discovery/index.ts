export { registerDiscovery } from './discovery-api.ts';
export type { DiscoveryOptions, DiscoveryUseCases } from './discovery-api.ts';
