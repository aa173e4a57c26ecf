export { eventually } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
