import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** The same in every process of a test, so that they share a database. */
const testKey = hash('sha256', 'the secret key of tests', 'base64');

/** Where the platforms of a test database write their audit checkpoints; it goes with the database. */
export function checkpointDirOf(adminUrl: string): string {
  return join(tmpdir(), 'colloquy-audit-checkpoints', basename(new URL(adminUrl).pathname));
}

/** For tests in which a node dies and another takes its tasks over; on all nodes of the test. */
export const quickLeases = {
  COLLOQUY_NODE_HEARTBEAT_MS: '200',
  COLLOQUY_NODE_FENCE_AFTER_MS: '1500',
  COLLOQUY_NODE_DEAD_AFTER_MS: '2000',
  COLLOQUY_NODE_GRACE_MS: '300',
} as const;

/** The environment of a platform in a test: this database, free ports, and agents on this machine. */
export function testEnvironment(
  database: { readonly adminUrl: string },
  over: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: database.adminUrl,
    COLLOQUY_SECRET_KEY: testKey,
    COLLOQUY_HTTP_PORT: '0',
    COLLOQUY_OPS_PORT: '0',
    COLLOQUY_GRPC_PORT: '0',
    COLLOQUY_LOG_LEVEL: 'info',
    COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8,::1/128',
    COLLOQUY_AUDIT_CHECKPOINT_DIR: checkpointDirOf(database.adminUrl),
    // Agents in tests count what they are asked; who tests probes says how often.
    COLLOQUY_PROBE_INTERVAL_MS: '0',
    // No balancer stands before the platforms of a test; who tests one says how long it needs.
    COLLOQUY_DRAIN_NOTICE_MS: '0',
    COLLOQUY_NODE_HEARTBEAT_MS: '100',
    // Long, so that a busy machine makes no live node count as dead; `quickLeases` are for tests in which nodes die.
    COLLOQUY_NODE_FENCE_AFTER_MS: '20000',
    COLLOQUY_NODE_DEAD_AFTER_MS: '30000',
    COLLOQUY_NODE_GRACE_MS: '200',
    ...over,
  };
}
