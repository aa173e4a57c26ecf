import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { AgentStore } from './agent-store.ts';

/**
 * Deregisters an agent of the caller's tenant. Within `limits.routeRefreshMs` it takes no new message; open tasks go on, and its name is
 * free. Throws `registry.agent-unknown`.
 */
export function deregisterAgent(ports: { readonly agents: AgentStore; readonly ids: IdSource }) {
  return async (caller: Caller, name: string): Promise<void> => {
    if (slugProblem(name) !== null) throw new PlatformError('registry.agent-unknown');
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'agent.deregistered',
      outcome: 'succeeded',
      resource: `agents/${name}`,
      facts: {},
    });
    const wasThere = await ports.agents.deregister(caller.tenant.id, name, entry);
    if (!wasThere) throw new PlatformError('registry.agent-unknown');
  };
}
