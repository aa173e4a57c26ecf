import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@colloquy/testkit';
import { scenario } from '../run/scenario.ts';
import type { Stage } from '../run/stage.ts';
import { completed, resultOf, say, taskOf } from './wire-objects.ts';

const once = { on: 'once' } as const;

/** Asks for a token with this secret. */
function askForToken(stage: Stage, clientId: string, secret: string): Promise<Response> {
  const basic = Buffer.from(`${clientId}:${secret}`).toString('base64');
  return fetch(`${stage.platform.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
}

const newClient = (stage: Stage, name: string) =>
  stage.platform.operator.admin
    .forTenant(stage.tenant.slug)
    .createClient({ body: { name, scopes: ['a2a:send', 'a2a:read'] } });

/** The whole audit trail of the tenant, page by page. */
async function auditOf(stage: Stage): Promise<string> {
  const pages: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const path = `/api/v1/tenants/${stage.tenant.slug}/audit`;
    const response = await stage.fetch(after === '' ? path : `${path}?after=${encodeURIComponent(after)}`);
    const page = (await response.json()) as { readonly items: readonly unknown[]; readonly next: string | null };
    pages.push(JSON.stringify(page.items));
    after = page.next ?? null;
  }
  return pages.join('');
}

/** Section 13.4, as far as it reaches the wire, the log or the audit trail. */
export const operationScenarios = [
  scenario(
    'failed logins are logged, and soon refused with the time to wait',
    ['BEST-12', 'BEST-17', 'BEST-18', 'ERROR-14'],
    async ({ stage }) => {
      const { clientId } = await newClient(stage, `guessed-${randomUUID()}`);
      let refused: Response | undefined;
      for (let attempt = 0; attempt < 30 && refused?.status !== 429; attempt += 1) {
        refused = await askForToken(stage, clientId, 'wrong-secret');
        assert.ok([401, 429].includes(refused.status));
      }
      assert.equal(refused?.status, 429);
      assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
      const lines = stage.platform.logLines.filter((line) => line.includes('/oauth/token') || line.includes('oauth'));
      assert.ok(
        lines.some((line) => /"status":4(01|29)/.test(line)),
        'the log tells of it',
      );
    },
    once,
  ),
  scenario(
    'a revoked client is out within seconds',
    ['BEST-11'],
    async ({ stage }) => {
      const client = await newClient(stage, `revoked-${randomUUID()}`);
      const token = await stage.tokenFor(client);
      const headers = { authorization: `Bearer ${token}` };
      const tasks = `/t/${stage.tenant.slug}/agents/harness/tasks`;
      assert.equal((await stage.fetch(tasks, { headers })).status, 200);
      await stage.platform.operator.admin.forTenant(stage.tenant.slug).revokeClient({ client: client.clientId });
      await eventually('its token is refused', async () => (await stage.fetch(tasks, { headers })).status === 401);
      assert.equal((await askForToken(stage, client.clientId, client.clientSecret)).status, 401);
    },
    { on: 'once', isSlow: true },
  ),
  scenario(
    'refusals and administration leave a trail',
    ['BEST-13', 'BEST-15'],
    async ({ stage, as }) => {
      await as('reader').call('SendMessage', say('echo'));
      await newClient(stage, `trail-${randomUUID()}`);
      const trail = await eventually('the trail shows both', async () => {
        const text = await auditOf(stage);
        return text.includes('access.refused') && text.includes('client.created') && text;
      });
      assert.ok(!trail.includes(stage.tenant.clientSecret));
    },
    once,
  ),
  scenario(
    'no secret and nothing that anybody said is in the log',
    ['BEST-8', 'BEST-16', 'BEST-22'],
    async ({ binding, stage }) => {
      const words = `confidential ${randomUUID()}`;
      const task = taskOf(await binding.call('SendMessage', say('echo', { parts: [{ text: words }] })));
      await completed(binding);
      resultOf(await binding.call('GetTask', { id: task.id }));
      const log = stage.platform.logLines.join('\n');
      assert.ok(log.length > 0);
      for (const secret of [words, stage.tenant.clientSecret, ...Object.values(stage.tokens)]) {
        assert.ok(!log.includes(secret), 'the log holds a secret');
      }
      const clients = await stage.fetch(`/api/v1/tenants/${stage.tenant.slug}/clients`);
      assert.ok(!(await clients.text()).includes(stage.tenant.clientSecret));
    },
    once,
  ),
];
