/** Guarantee: the operator sees whether the platform works and how much, and sees nothing of any tenant. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../src/adapters/telemetry/index.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { registerHealth, registerMetrics } from '../src/surfaces/ops/index.ts';
import type { Readiness } from '../src/surfaces/ops/index.ts';
import { startHttp } from './access-http-fixture.ts';

describe('the platform', () => {
  it('is alive while its process answers, and ready when all that it needs is there', async () => {
    let checks: Readiness = { database: true, lease: true };
    await using http = await startHttp((app) => registerHealth(app, { readiness: async () => checks }));
    const ask = async (path: string) => {
      const answer = await fetch(http.url + path);
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await ask('/health'), [200, '{"status":"alive"}']);
    assert.deepEqual(await ask('/ready'), [200, '{"status":"ready","checks":{"database":"ok","lease":"ok"}}']);
    checks = { database: false, lease: true };
    assert.deepEqual(await ask('/ready'), [503, '{"status":"not-ready","checks":{"database":"failing","lease":"ok"}}']);
    assert.deepEqual(await ask('/health'), [200, '{"status":"alive"}']);
    assert.deepEqual(http.lines, [], 'a question about readiness is no failed request');
  });

  it('is not ready when its state cannot be read', async () => {
    const readiness = (): Promise<Readiness> => Promise.reject(new Error('password authentication failed for user x'));
    await using http = await startHttp((app) => registerHealth(app, { readiness }));
    const answer = await fetch(`${http.url}/ready`);
    assert.deepEqual(
      [answer.status, await answer.text()],
      [503, '{"status":"not-ready","checks":{"readiness":"failing"}}'],
    );
  });

  it('counts requests, failures and their time by names of its own, never by what a caller sent', async () => {
    const metrics = createMetrics();
    await using http = await startHttp((app) => {
      registerMetrics(app, { expose: () => http.metrics.expose() });
      app.get('/t/:tenant', { config: { endpoint: { surface: 'a2a', operation: 'task.send' } } }, (request) => {
        request.context.operation = 'task.get';
        throw new PlatformError('task.unknown');
      });
    });
    await fetch(`${http.url}/t/secret-tenant?q=secret-query`);
    await fetch(`${http.url}/nothing/secret-path`);
    const text = await (await fetch(`${http.url}/metrics`)).text();
    assert.match(text, /colloquy_http_requests_total\{surface="a2a",operation="task.get",status="404"\} 1/);
    assert.match(text, /colloquy_http_request_duration_seconds_count\{surface="a2a",operation="task.get"\} 1/);
    assert.match(text, /colloquy_errors_total\{code="task.unknown",surface="a2a"\} 1/);
    assert.match(text, /colloquy_http_requests_total\{surface="http",operation="unknown-address",status="404"\} 1/);
    assert.doesNotMatch(text, /secret/);
    assert.match((await metrics.expose()).text, /process_resident_memory_bytes \d+/);
    metrics.registry.clear();
  });
});
