/** What the test kit needs of the server and production code must not import. */
export { startEmbeddedPostgres } from '../adapters/embedded-postgres/index.ts';
export { migrate } from '../adapters/postgres/migrate.ts';
export { createPool } from '../adapters/postgres/pool.ts';
export { createSystemRandom, systemClock } from '../adapters/clock/system-clock.ts';
export type { Clock } from '../kernel/clock.ts';
export type { Random } from '../kernel/random.ts';
export { createIdSource } from '../kernel/ids.ts';
export { policyOf } from '../modules/access/index.ts';
export { errorCatalog } from '../kernel/error-catalog.ts';
export { limits } from '../kernel/limits.ts';
export { initOperator } from './operator.ts';
export { startPlatform } from './platform.ts';
export type { Platform } from './platform.ts';
export { configOf } from '../config/config.ts';
export { readEnv } from '../config/env.ts';
export { secretsOf } from '../config/secrets.ts';
export { createLogger } from '../adapters/telemetry/index.ts';
