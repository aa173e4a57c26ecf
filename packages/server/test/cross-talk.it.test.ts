/**
 * Guarantee (T06): no client gets another's answer, rights or tasks, however alike their credentials, ids and messages are: credentials are
 * compared by all of their text, and requests by their sender.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import { signToken, startAuthorizationServer, startTestPlatform, tokenParts } from '@colloquy/testkit';
import type { AuthorizationServer, TestPlatform } from '@colloquy/testkit';
import { rowsOf } from './access-platform-fixture.ts';

const tenantsCount = 20;
const clientsPerTenant = 25;
const sharedPrefixChars = 200;
const askedAtOnce = 50;

/** A client whose token begins like every other token. */
interface Sender {
  readonly slug: string;
  readonly token: string;
  /** What only its answer may say. */
  readonly nonce: string;
}

describe('500 clients with similar credentials', () => {
  let server: AuthorizationServer;
  let platform: TestPlatform;
  let agent: Awaited<ReturnType<typeof serveAgent>>;
  let senders: readonly Sender[];

  before(async () => {
    agent = await serveAgent({
      card: { name: 'Echo', description: 'Repeats.', skills: [] },
      handle: (message, task) => task.complete(text(message)),
    });
    server = await startAuthorizationServer();
    platform = await startTestPlatform();
    const slugs = Array.from({ length: tenantsCount }, (_, n) => `tenant-${String(n)}`);
    senders = (await Promise.all(slugs.map(sendersOf))).flat();
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await agent.close();
  });

  async function sendersOf(slug: string): Promise<readonly Sender[]> {
    const { client } = await platform.createTenant(slug);
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await client.admin.registerAgent({ body: { name: 'echo', cardUrl, priceMicrocredits: 1 } });
    const scopeMap = { 'agents.call': ['a2a:send', 'a2a:read'] };
    const { audience } = await client.admin.registerIssuer({
      body: { name: 'login', issuer: server.issuer, scopeMap },
    });
    return Array.from({ length: clientsPerTenant }, (_, n) => {
      const request = { algorithm: 'ES256', audience, scope: 'agents.call', subject: `robot-${String(n)}` } as const;
      const { header, claims, key } = tokenParts(server, { ...request, nowMs: Date.now() });
      const token = signToken(header, { pad: 'x'.repeat(sharedPrefixChars), ...claims }, key);
      return { slug, token, nonce: `${slug} robot ${String(n)}` };
    });
  }

  const send = async ({ slug, token, nonce }: Sender, round: number): Promise<string> => {
    const message = { messageId: `same-${String(round)}`, role: 'ROLE_USER', parts: [{ text: nonce }] };
    const answer = await fetch(`${platform.url}/t/${slug}/agents/echo`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }),
    });
    return answer.text();
  };

  it('share more than the first 200 characters of their tokens', () => {
    assert.equal(senders.length, tenantsCount * clientsPerTenant);
    assert.equal(new Set(senders.map(({ token }) => token.slice(0, sharedPrefixChars))).size, 1);
    assert.equal(new Set(senders.map(({ token }) => token)).size, senders.length);
  });

  it('each get the answer to their own message, with cold tokens and with warm ones, and own their own tasks', async () => {
    const nonces = senders.map(({ nonce }) => nonce);
    for (const round of [1, 2]) {
      const waiting = senders.entries();
      const ask = async (): Promise<void> => {
        for (const [, sender] of waiting) {
          const answer = await send(sender, round);
          const said = nonces.filter((nonce) => answer.includes(`"${nonce}"`));
          assert.deepEqual(said, [sender.nonce], answer.slice(0, 500));
        }
      };
      await Promise.all(Array.from({ length: askedAtOnce }, ask));
    }
    const [books] = await rowsOf<{ tasks: number; owners: number; tenants: number; mixed: number }>(
      platform.database,
      `select count(*)::int as tasks, count(distinct owner_id)::int as owners, count(distinct tenant_id)::int as tenants,
         (select count(*)::int from (select owner_id from colloquy.tasks group by owner_id
            having count(distinct tenant_id) > 1 or count(*) <> 2) m) as mixed
       from colloquy.tasks`,
    );
    const owners = senders.length;
    assert.deepEqual(books, { tasks: 2 * owners, owners, tenants: tenantsCount, mixed: 0 });
  });
});
