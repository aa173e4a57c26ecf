import type { AgentCard, JsonObject } from '@colloquy/protocol';
import type { Caller } from '../src/kernel/caller.ts';
import type { AgentId } from '../src/kernel/ids.ts';
import type { NewAgent } from '../src/modules/registry/index.ts';
import type { RegistrySetting } from './registry-setting.ts';

/** An agent to store, and the parameters of the enterprise extension in its card. */
export interface PlacedAgent {
  readonly name: string;
  readonly skills: AgentCard['skills'];
  readonly params?: JsonObject;
  readonly settings?: Partial<NewAgent>;
}

const url = 'http://127.0.0.1:9001/a2a';

/** Registers past every check, as rows may be that are older than the checks. */
export async function placeAgent(setting: RegistrySetting, caller: Caller, placed: PlacedAgent): Promise<AgentId> {
  const { name, skills, params, settings } = placed;
  const tenantId = caller.tenant.id;
  const agentId = setting.ids.next('agt');
  const extensions = params === undefined ? [] : [{ uri: 'urn:colloquy:extension:enterprise:v1', params }];
  const agent: NewAgent = {
    tenantId,
    agentId,
    name,
    card: {
      name,
      description: 'An agent',
      version: '1',
      supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
      capabilities: { streaming: true, extensions },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills,
    },
    document: {},
    profile: null,
    cardSignature: { state: 'unsigned', kid: null },
    cardPolicy: { signatures: null, approval: null },
    extendedSkillIds: [],
    cardUrl: null,
    cardVisibility: 'tenant',
    priceMicrocredits: 7n,
    idempotent: true,
    taskMsMax: 1_000,
    credential: null,
    registeredBy: caller.principal.id,
    instance: { instanceId: setting.ids.next('ins'), url, wire: '1.0 JSONRPC', routingTag: null },
    ...settings,
  };
  const entry = {
    tenantId,
    entryId: setting.ids.next('ent'),
    actorId: caller.principal.id,
    action: 'agent.registered',
    outcome: 'succeeded',
    resource: `agents/${name}`,
    requestId: caller.requestId,
    facts: {},
  } as const;
  await setting.agents.register(agent, entry);
  return agentId;
}
