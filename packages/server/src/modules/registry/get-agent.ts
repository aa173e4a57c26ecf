import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';
import type { RegisteredAgent } from './agent.ts';

/** One agent of the caller's tenant; throws `registry.agent-unknown`. */
export function getAgent(ports: { readonly agents: AgentStore }) {
  return async (caller: Caller, name: string): Promise<RegisteredAgent> => {
    const agent = slugProblem(name) === null ? await ports.agents.find(caller.tenant.id, name) : null;
    if (agent === null) throw new PlatformError('registry.agent-unknown');
    return agent;
  };
}
