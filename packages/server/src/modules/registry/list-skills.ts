import { holdsForSome } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentSkill } from './agent-profile.ts';
import type { AgentStore } from './agent-store.ts';

/**
 * The skills of an agent of the caller's tenant with promises and prices, in the order of its card. Skills of the extended card are
 * shown only to callers that may send. Throws `registry.agent-unknown`.
 */
export function listSkills({ agents }: { readonly agents: AgentStore }) {
  return async (caller: Caller, name: string): Promise<readonly AgentSkill[]> => {
    const tenantId = caller.tenant.id;
    const agent = slugProblem(name) === null ? await agents.find(tenantId, name) : null;
    if (agent === null) throw new PlatformError('registry.agent-unknown');
    const maySend = caller.scopes.has('a2a:send') && holdsForSome(caller.access, 'a2a:send', name);
    const withheld = new Set(maySend ? [] : agent.extendedSkillIds);
    return (await agents.listSkills(tenantId, name)).filter(({ skillId }) => !withheld.has(skillId));
  };
}
