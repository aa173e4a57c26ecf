/**
 * Guarantee: the platform runs on the oldest PostgreSQL that it accepts. The integration tests of tasks, credits, agents, audit and service levels
 * hold there as they hold on the PostgreSQL that comes with the platform.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { adminUrlVariable, createTemplate } from '@colloquy/testkit';
import { serverMajorMin } from '../src/adapters/postgres/server-requirements.ts';
import { findInstalledPostgres, startInstalledPostgres } from './installed-postgres.ts';

/**
 * The core: each file runs every statement of its area. Files that read plans are left out: while statistics are empty, PostgreSQL 15 estimates the
 * cost of a lookup by many keys otherwise.
 */
const core = [
  'a2a-calls',
  'audit-digests',
  'credits',
  'housekeeping',
  'lease-sweep',
  'registry',
  'registry-profiles',
  'sla-counting',
  'task-queue-slots',
  'tasks-list',
  'tasks-record',
  'tasks-write',
];
/** Kills processes for a minute; the other tests of its file run the same statements. */
const skipped = 'SLA-2';
const testsMin = 60;

const programs = findInstalledPostgres(serverMajorMin);
const skip = programs === null ? `PostgreSQL ${serverMajorMin} is not installed` : false;

describe(`PostgreSQL ${serverMajorMin}`, { skip }, () => {
  it('serves tasks, credits, agents, audit and service levels', async () => {
    await using server = await startInstalledPostgres(programs ?? '');
    await createTemplate(server.adminUrl);
    const files = core.map((name) => fileURLToPath(new URL(`${name}.it.test.ts`, import.meta.url)));
    const options = ['--test', '--test-reporter=tap', '--test-concurrency=2', `--test-skip-pattern=${skipped}`];
    const { NODE_TEST_CONTEXT: _inherited, ...env } = process.env;
    const child = spawn(process.execPath, ['--conditions=source', ...options, ...files], {
      env: { ...env, [adminUrlVariable]: server.adminUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let report = '';
    child.stdout.on('data', (bytes) => (report += String(bytes)));
    const [status] = (await once(child, 'close')) as [number];
    const failures = report.match(/^ *(?:not ok|error:|at .*\.it\.test\.ts).*$/gm) ?? [];
    assert.equal(status, 0, failures.join('\n'));
    const passed = Number(/^# pass (\d+)$/m.exec(report)?.[1]);
    assert.ok(passed >= testsMin, `${passed} tests passed`);
  });
});
