import type { TaskId } from '../../../kernel/ids.ts';
import { seedOf } from '../../routing/index.ts';
import type { RoutingWish } from '../../routing/index.ts';
import { withSkill } from './named-skill.ts';
import type { GatewayPorts } from '../ports.ts';
import type { RoutedSend } from './send.ts';

/**
 * What a send wants of the routing decision. Where its context was is looked for only at an agent whose contexts might be at several
 * places. The first tasks of a context that are sent at once draw alike, so that they find one place, too.
 */
export function routingWish(
  ports: Pick<GatewayPorts, 'instances' | 'contexts'>,
  send: RoutedSend,
  taskId: TaskId,
): RoutingWish | Promise<RoutingWish> {
  const { address, caller, request, route } = send;
  const { contextId } = request.message;
  const { skillId } = withSkill(address, request.message);
  if (contextId === undefined || !ports.instances.isSticky(route))
    return { taskId, skillId, seed: seedOf(taskId), stickyTo: null };
  const { tenantId, agentId } = route;
  return ports.contexts
    .findPlace({ tenantId, agentId, ownerId: caller.principal.id, contextId })
    .then((stickyTo) => ({ taskId, skillId, seed: seedOf(contextId), stickyTo }));
}
