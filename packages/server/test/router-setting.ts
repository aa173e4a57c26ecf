import { randomUUID } from 'node:crypto';
import { createClient } from '@colloquy/sdk/client';
import { eventually } from '@colloquy/testkit';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import type { JsonObject } from '@colloquy/protocol';
import type { TestPlatformOptions } from '@colloquy/testkit';
import { startGrpcSetting } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';

/** A platform whose tenant has agents that answer with their names, or ask back. */
export interface RouterSetting extends GrpcSetting {
  /** What each agent heard, as `agent: text`. */
  readonly heard: string[];
  /** The context of each message that an agent heard. */
  readonly contexts: string[];
  /** `/t/{tenant}/router`. */
  readonly routerPath: string;
  /** Puts instances of an agent in or out of use, as their tenant may. */
  admit(agent: string, admission: 'active' | 'quarantined'): Promise<void>;
}

const enterpriseUri = 'urn:colloquy:extension:enterprise:v1';

const amountSchema = {
  type: 'object',
  properties: { amount: { type: 'number', minimum: 0 }, currency: { type: 'string' } },
  required: ['amount', 'currency'],
};
const anyAmountSchema = { type: 'object', properties: { amount: {} }, required: ['amount'] };

const forecast = {
  id: 'forecast',
  name: 'Forecast',
  description: 'Tells the weather of tomorrow in a city: rain, wind and temperature',
  tags: ['weather'],
};

/** Agents of the tenant, besides its worker: their skills, and what their cards say of them. */
const described = {
  'weather-b': { skills: [forecast], said: { tier: 'bronze' } },
  'weather-g': { skills: [forecast], said: { tier: 'gold' } },
  billing: {
    skills: [
      { id: 'invoice', name: 'Invoice', description: 'Writes an invoice to a customer', tags: ['finance'] },
      { id: 'note', name: 'Note', description: 'Keeps an amount in mind', tags: ['finance'] },
    ],
    said: { skills: { invoice: { inputSchema: amountSchema }, note: { inputSchema: anyAmountSchema } } },
  },
} as const;

export async function startRouterSetting(options: TestPlatformOptions = {}): Promise<RouterSetting> {
  const setting = await startGrpcSetting(options);
  const heard: string[] = [];
  const contexts: string[] = [];
  const agents: AgentServer[] = [];
  for (const [name, { skills, said }] of Object.entries(described)) {
    const params = structuredClone(said) as unknown as JsonObject;
    const agent = await serveAgent({
      card: {
        name,
        description: `An agent called ${name}.`,
        skills: skills.map((skill) => ({ ...skill, tags: [...skill.tags] })),
        capabilities: { extensions: [{ uri: enterpriseUri, params }] },
      },
      handle: async (message, task) => {
        const text = message.parts.map((part) => part.text ?? JSON.stringify(part.data)).join(' ');
        heard.push(`${name}: ${text}`);
        contexts.push(task.contextId);
        await (text.startsWith('ask') ? task.requireInput('Which one?') : task.complete(name));
      },
    });
    agents.push(agent);
    const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
    await setting.tenant.client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 5 } });
  }
  return {
    ...setting,
    heard,
    contexts,
    routerPath: `/t/${setting.tenant.slug}/router`,
    async admit(agent, admission) {
      await setting.rows(`update colloquy.agent_instances i set admission = '${admission}' from colloquy.agents a
        where a.agent_id = i.agent_id and a.name = '${agent}'`);
      const { platform, tenant, token } = setting;
      const client = createClient({ baseUrl: platform.url, tenant: tenant.slug, token });
      await eventually(`${agent} is ${admission}`, async () => {
        const answer = await client
          .agent(agent)
          .send('are you there?')
          .catch(() => null);
        return (answer !== null) === (admission === 'active');
      });
    },
    async [Symbol.asyncDispose]() {
      await setting[Symbol.asyncDispose]();
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
}

/** A message of the user with these parts. */
export const message = (parts: readonly object[], over: object = {}) => ({
  message: { messageId: randomUUID(), role: 'ROLE_USER', parts, ...over },
});
