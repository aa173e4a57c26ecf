/**
 * Guarantee: which role may call which endpoint does not change without showing in a text that people read, and nothing is served that the
 * text does not name (T02, T03). COLLOQUY_UPDATE_GOLDEN=1 writes it anew.
 */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';
import type { FastifyInstance } from 'fastify';
import { operations, policyOf } from '../src/modules/access/index.ts';
import { adminEndpoints, workEndpoints } from '../src/surfaces/admin/index.ts';
import { endpointRolesText } from './endpoint-roles-text.ts';
import type { ServedRoute } from './endpoint-roles-text.ts';

const golden = new URL('endpoint-roles.golden.txt', import.meta.url);

describe('endpoints and roles', () => {
  const served: ServedRoute[] = [];
  let platform: TestPlatform;

  /** The framework tells of every server that it makes, so that no route can be left out of the list. */
  const onServer = (message: unknown): void => {
    // What Fastify publishes on this channel.
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, config }) => {
      const { surface = '', operation = '' } = config?.endpoint ?? {};
      for (const verb of [method].flat())
        served.push({ method: verb, path: url, name: `${surface} ${operation}`.trim() });
    });
  };

  before(async () => {
    subscribe('fastify.initialization', onServer);
    platform = await startTestPlatform();
  });
  after(async () => {
    unsubscribe('fastify.initialization', onServer);
    await platform[Symbol.asyncDispose]();
  });

  it('are as the checked-in text has them', async () => {
    const text = endpointRolesText(distinct(served));
    if (process.env['COLLOQUY_UPDATE_GOLDEN'] === '1') await writeFile(golden, text);
    assert.equal(text, await readFile(golden, 'utf8'));
  });

  it('are all of them: every route of the admin API is an endpoint with a policy, and every route has a name', () => {
    const admin = distinct(served).filter(({ path }) => path.startsWith('/api/v1') && path !== '/api/v1/openapi.json');
    const declared = new Set(
      [...adminEndpoints, ...workEndpoints].map(
        ({ method, path }) => `${method} /api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    const unknown = admin.filter(({ method, path }) => method !== 'HEAD' && !declared.has(`${method} ${path}`));
    assert.deepEqual(unknown, []);
    assert.ok(admin.length >= declared.size);
    assert.deepEqual(
      served.filter(({ name }) => name === ''),
      [],
    );
    for (const operation of operations) assert.ok(policyOf(operation) !== undefined, operation);
  });
});

function distinct(routes: readonly ServedRoute[]): readonly ServedRoute[] {
  return [...new Map(routes.map((route) => [`${route.method} ${route.path} ${route.name}`, route])).values()];
}
