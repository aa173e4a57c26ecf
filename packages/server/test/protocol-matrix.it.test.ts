/**
 * Guarantee: every wire of callers reaches every wire of agents with the same twelve exchanges, and what a pair of wires loses is
 * known: it is on the page that docs/reference holds, and nothing else is.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { agents } from './matrix-agents.ts';
import type { WireAgent } from './matrix-agents.ts';
import { callers } from './matrix-callers.ts';
import { exchanges } from './matrix-exchanges.ts';
import type { Seen } from './matrix-exchanges.ts';
import { lossesOf, pageOf } from './matrix-report.ts';

const page = new URL('../../../docs/reference/protocol-matrix.md', import.meta.url);
const isUpdating = process.env['COLLOQUY_UPDATE_GOLDEN'] === '1';
/** The wire that can say everything of the model: what others lose is measured against it. */
const widest = '1.0 JSONRPC';

describe('the protocol matrix', () => {
  let platform: TestPlatform;
  let tenant: TestTenant;
  const started = new Map<string, WireAgent>();
  const seenAt = new Map<string, Seen>();
  const key = (...names: readonly string[]): string => names.join(' · ');

  before(async () => {
    platform = await startTestPlatform();
    tenant = await platform.createTenant('matrix', { credits: 1_000_000 });
    for (const [at, [name, start]] of Object.entries(agents).entries()) {
      const agent = await start(`Agent ${at}`);
      started.set(name, agent);
      await tenant.client.admin.registerAgent({
        body: { name: `agent-${at}`, card: agent.card, priceMicrocredits: 1 },
      });
    }
  });
  after(async () => {
    for (const agent of started.values()) await agent[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  for (const [callerName, callerTo] of Object.entries(callers)) {
    for (const [at, agentName] of Object.keys(agents).entries()) {
      it(`carries twelve exchanges from ${callerName} to ${agentName}`, async () => {
        const agent = started.get(agentName);
        assert.ok(agent !== undefined);
        const agentUrl = `${platform.url}/t/matrix/agents/agent-${at}`;
        const caller = callerTo({ agentUrl, token: await tenant.client.token() });
        assert.equal(Object.keys(exchanges).length, 12);
        for (const [name, run] of Object.entries(exchanges)) {
          seenAt.set(key(callerName, agentName, name), await run({ caller, agent }));
        }
      });
    }
  }

  it('is the page in docs/reference; COLLOQUY_UPDATE_GOLDEN=1 writes it anew', async () => {
    const seen = (caller: string, agent: string, exchange: string): Seen => {
      const found = seenAt.get(key(caller, agent, exchange));
      assert.ok(found !== undefined, `no ${exchange} from ${caller} to ${agent}`);
      return found;
    };
    const lossesAt = (caller: string, agent: string): readonly string[] =>
      Object.keys(exchanges).flatMap((name) => lossesOf(name, seen(caller, agent, name), seen(widest, widest, name)));
    const text = pageOf(Object.keys(callers), Object.keys(agents), lossesAt);
    if (isUpdating) await writeFile(page, text);
    assert.equal(text, await readFile(page, 'utf8'));
  });
});
