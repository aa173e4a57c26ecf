/**
 * Guarantee: over every binding and version of callers and of agents, two callers that choose the same context id are two contexts to the agent,
 * and each of them sees the id that it chose. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:http2';
import { after, before, describe, it } from 'node:test';
import type { AgentCard, Message } from '@colloquy/protocol';
import { encodeGrpcAnswer } from '@colloquy/protocol/grpc';
import { grpcFrame, saysGrpc, startRawGrpcAgent, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';
import { framed, openCall, read } from './grpc-setting.ts';
import { agents } from './matrix-agents.ts';
import { callers } from './matrix-callers.ts';
import { completedTask } from './upstream-setting.ts';

const contextId = 'session-1';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An agent that keys by context; `heard` are the context ids that it got. */
interface HearingAgent extends AsyncDisposable {
  readonly card: AgentCard;
  heard(): readonly (string | undefined)[];
}

/** A caller's credentials. Three of them: two clients of one tenant, and a client of another one. */
interface Principal {
  readonly tenantSlug: string;
  readonly token: string;
}

/** Sends a message to an agent and returns the context ids of the answer. */
type Send = (principal: Principal, agentName: string, message: Message) => Promise<readonly unknown[]>;

const hello = (): Message => ({ messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'work' }], contextId });

function startGrpcAgent(name: string, like: AgentCard): Promise<HearingAgent> {
  const answer = saysGrpc(grpcFrame(encodeGrpcAnswer('SendMessage', JSON.stringify({ task: completedTask }))));
  return startRawGrpcAgent(answer).then((agent) => ({
    card: {
      ...like,
      name,
      supportedInterfaces: [{ url: agent.url, protocolBinding: 'GRPC', protocolVersion: '1.0' }],
      capabilities: { streaming: false },
    },
    heard: () =>
      agent.heard.map(({ body }) => {
        const { message } = read('SendMessageRequest', body.subarray(5)) as { message: Message };
        return message.contextId;
      }),
    [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
  }));
}

describe('a context id that two callers and two tenants choose', () => {
  let platform: TestPlatform;
  const started = new Map<string, HearingAgent>();
  const principals: Principal[] = [];
  const nameOf = (wire: string): string => `agent-${[...started.keys()].indexOf(wire)}`;

  before(async () => {
    platform = await startTestPlatform();
    for (const [name, start] of Object.entries(agents)) {
      const agent = await start(`Agent of ${name}`);
      started.set(name, {
        card: agent.card,
        heard: () => agent.heard.map(({ message }) => message.contextId),
        [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
      });
    }
    const [like] = started.values();
    assert.ok(like !== undefined);
    started.set('1.0 GRPC', await startGrpcAgent('Agent of 1.0 GRPC', like.card));
    for (const slug of ['left', 'right']) {
      const { client } = await platform.createTenant(slug);
      for (const [wire, { card }] of started)
        await client.admin.registerAgent({ body: { name: nameOf(wire), card, priceMicrocredits: 1 } });
      principals.push({ tenantSlug: slug, token: await client.token() });
    }
    const colleague = await platform.createClient('left', 'colleague', ['a2a:send', 'a2a:read']);
    principals.push({ tenantSlug: 'left', token: await colleague.token() });
  });
  after(async () => {
    for (const agent of started.values()) await agent[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  /** Each principal sends twice; what the agent heard of the contexts of each. */
  async function assertSeparate(wire: string, send: Send): Promise<void> {
    const agent = started.get(wire);
    assert.ok(agent !== undefined);
    const contexts: (string | undefined)[] = [];
    for (const principal of principals) {
      const earlier = agent.heard().length;
      for (let nth = 0; nth < 2; nth += 1) {
        const seen = await send(principal, nameOf(wire), hello());
        assert.deepEqual([...new Set(seen)], [contextId], `the caller sees its own id, of ${wire}`);
      }
      const [first, ...others] = agent.heard().slice(earlier);
      assert.deepEqual(others, [first], `${wire}: the agent sees one context of one caller`);
      contexts.push(first);
    }
    assert.equal(new Set(contexts).size, principals.length, `${wire}: no two callers share a context`);
    for (const one of contexts) assert.match(one ?? '', uuid);
  }

  for (const [callerName, callerTo] of Object.entries(callers)) {
    it(`TASK-20 TASK-22 is a context for each of them at agents of every wire, when it comes over ${callerName}`, async () => {
      for (const wire of started.keys()) {
        await assertSeparate(wire, async ({ tenantSlug, token }, agentName, message) => {
          const caller = callerTo({ agentUrl: `${platform.url}/t/${tenantSlug}/agents/${agentName}`, token });
          const { task } = await caller.ask({ operation: 'SendMessage', request: { message } });
          assert.ok(task !== undefined);
          const again = await caller.ask({ operation: 'GetTask', request: { id: task.id } });
          return [task.contextId, again.contextId];
        });
      }
    });

    it(`TASK-20 TASK-22 is a context for each of them in streams, when it comes over ${callerName}`, async () => {
      for (const wire of started.keys()) {
        await assertSeparate(wire, async ({ tenantSlug, token }, agentName, message) => {
          const caller = callerTo({ agentUrl: `${platform.url}/t/${tenantSlug}/agents/${agentName}`, token });
          const seen: unknown[] = [];
          let id = '';
          for await (const event of caller.watch({ operation: 'SendStreamingMessage', request: { message } })) {
            const { task, statusUpdate, artifactUpdate } = event;
            id = task?.id ?? statusUpdate?.taskId ?? id;
            seen.push(task?.contextId ?? statusUpdate?.contextId ?? artifactUpdate?.contextId);
          }
          // Events of A2A 0.1 name no context; its tasks do.
          const told = seen.filter((context) => context !== '');
          return [...told, (await caller.ask({ operation: 'GetTask', request: { id } })).contextId];
        });
      }
    });
  }

  it('TASK-20 TASK-22 is a context for each of them at agents of every wire, when it comes over 1.0 GRPC', async () => {
    const session = connect(`http://${platform.platform.grpcAddress ?? ''}`);
    try {
      for (const wire of started.keys()) {
        await assertSeparate(wire, async ({ tenantSlug, token }, agentName, message) => {
          const bytes = framed('SendMessageRequest', { tenant: `${tenantSlug}/${agentName}`, message });
          const { messages } = await openCall(session, { operation: 'SendMessage', bytes, token }).end;
          const { task } = read('SendMessageResponse', messages[0]) as { task: { contextId: string } };
          return [task.contextId];
        });
      }
    } finally {
      session.destroy();
    }
  });

  it('TASK-22 is in lists what each of them filters by, and no id of an agent is', async () => {
    for (const [at, { tenantSlug, token }] of principals.entries()) {
      const url = `${platform.url}/t/${tenantSlug}/agents/${nameOf('1.0 JSONRPC')}`;
      const listed = async (context: string): Promise<readonly { contextId: string }[]> => {
        const headers = { authorization: `Bearer ${token}`, 'a2a-version': '1.0' };
        const response = await fetch(`${url}/tasks?contextId=${context}&pageSize=100`, { headers });
        return ((await response.json()) as { tasks: readonly { contextId: string }[] }).tasks;
      };
      const tasks = await listed(contextId);
      assert.ok(tasks.length > 0 && tasks.every((task) => task.contextId === contextId));
      const atAgent = started.get('1.0 JSONRPC')?.heard() ?? [];
      assert.deepEqual(await listed(atAgent[at] ?? ''), []);
    }
  });
});
