import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { slugProblem } from '../tenancy/index.ts';
import { addressOf, getInstance } from './find-instance.ts';
import type { InstanceStore } from './instance-store.ts';
import type { InstanceEvent, RegisteredInstance } from './instance.ts';

interface Ports {
  readonly instances: InstanceStore;
}

/** The instances of an agent, oldest first. Throws `registry.agent-unknown`, and `request.invalid` for an invalid cursor. */
export function listInstances({ instances }: Ports) {
  return async (caller: Caller, agentName: string, page: PageRequest): Promise<Page<RegisteredInstance>> => {
    if (page.after !== null && !isId('ins', page.after)) throw badCursor();
    const wanted = { after: page.after, limit: page.limit + 1 };
    const rows = slugProblem(agentName) === null ? await instances.list(caller.tenant.id, agentName, wanted) : null;
    if (rows === null) throw new PlatformError('registry.agent-unknown');
    return pageOf(rows, page.limit, ({ instanceId }) => instanceId);
  };
}

const eventIdShape = /^[0-9a-f]{32}$/;

/** Events of an instance, newest first. Throws `registry.instance-unknown`, and `request.invalid` for an invalid cursor. */
export function listInstanceEvents(ports: Ports) {
  const get = getInstance(ports);
  return async (
    caller: Caller,
    agentName: string,
    instanceId: string,
    page: PageRequest,
  ): Promise<Page<InstanceEvent>> => {
    if (page.after !== null && !eventIdShape.test(page.after)) throw badCursor();
    await get(caller, agentName, instanceId);
    const address = addressOf(caller, agentName, instanceId);
    const rows = await ports.instances.listEvents(address, { after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page.limit, ({ eventId }) => eventId);
  };
}

function badCursor(): PlatformError {
  const violations = [{ field: 'after', description: 'must be the next of the page before' }];
  return new PlatformError('request.invalid', { violations });
}
