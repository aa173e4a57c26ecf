export { startDatabaseProxy } from './database-proxy.ts';
export type { DatabaseProxy } from './database-proxy.ts';
export { eventually } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export { everyTenantScope, startTestPlatform } from './test-platform.ts';
export type { TestPlatform, TestPlatformOptions, TestTenant } from './test-platform.ts';
