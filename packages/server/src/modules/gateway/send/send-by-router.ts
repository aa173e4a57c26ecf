import { withoutBoundResource } from '../../../kernel/caller.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { limits } from '../../../kernel/limits.ts';
import { authorize } from '../../access/index.ts';
import { reportOffers } from '../../routing/index.ts';
import type { GatewayPorts } from '../ports.ts';
import { addressOfRouted, findRoutedAddress } from '../view/routed-address.ts';
import { taskIdOf } from '../view/visible-task.ts';
import { findOffers } from './find-offers.ts';
import { forSkill } from './route-rules.ts';
import { identifySend } from './send-identity.ts';
import { findNamedTask, firstOfName } from './send-to-named-task.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IdentifiedSend, IncomingSend } from './send.ts';

/** Accepts a send at a named agent. */
type AcceptAtAgent = (send: IncomingSend) => Promise<AcceptedSend>;

/** Refusals after which the router tries the next agent: nothing was recorded, and another agent may take the send. */
const refusalsToPass: ReadonlySet<ErrorCode> = new Set([
  'registry.agent-unknown',
  'routing.no-instance',
  'upstream.circuit-open',
  'upstream.saturated',
  'upstream.queue-too-old',
  'delegation.loop',
]);

/**
 * Accepts a send to the router. A further message goes to the agent that has the task, a repeated send finds its task, and any other send
 * finds an agent and a skill. Its idempotency key contains the router's address, because that is all a caller that repeats it knows.
 */
export async function sendByRouter(
  ports: GatewayPorts,
  send: IncomingSend,
  acceptAtAgent: AcceptAtAgent,
): Promise<AcceptedSend> {
  const { caller, address, request, options } = send;
  authorize(caller, 'task.send', address);
  // A token bound to the router alone also covers the agent that the router chooses.
  const freed = { ...send, caller: withoutBoundResource(caller) };
  if (options.namesTask === true) return sendToNamedTaskByRouter(ports, freed, acceptAtAgent);
  if (request.message.taskId !== undefined) {
    const at = await addressOfRouted(ports, freed, taskIdOf(request.message.taskId));
    return acceptAtAgent({ ...freed, address: at });
  }
  const identity = identifySend(caller, address, request, options.idempotencyKey);
  return beginOrFind(ports, { ...freed, identity }, acceptAtAgent);
}

/** As {@link sendToNamedTask}: the first message of a name finds an agent, later ones continue its task. */
async function sendToNamedTaskByRouter(
  ports: GatewayPorts,
  send: IncomingSend,
  acceptAtAgent: AcceptAtAgent,
): Promise<AcceptedSend> {
  const name = send.request.message.taskId ?? '';
  const continueKnown = async (): Promise<AcceptedSend | null> => {
    const known = await findNamedTask(ports.store, viewerOfSend(send), name);
    if (known === null) return null;
    const address = await addressOfRouted(ports, send, known);
    const message = { ...send.request.message, taskId: known };
    return acceptAtAgent({ ...send, address, request: { ...send.request, message } });
  };
  const continued = await continueKnown();
  if (continued !== null) return continued;
  try {
    return await beginOrFind(ports, firstOfName(send, name), acceptAtAgent);
  } catch (error) {
    // A concurrent message has begun the task of this name meanwhile.
    const isConflict = error instanceof PlatformError && error.code === 'task.idempotency-conflict';
    const begun = isConflict ? await continueKnown() : null;
    if (begun === null) throw error;
    return begun;
  }
}

async function beginOrFind(
  ports: GatewayPorts,
  send: IdentifiedSend,
  acceptAtAgent: AcceptAtAgent,
): Promise<AcceptedSend> {
  const earlier = await findEarlierRouted(ports, send);
  if (earlier !== null) return earlier;
  const begun = await tryOffers(ports, send, acceptAtAgent);
  // A concurrent copy of this send was first, with another agent, which has the task.
  const isRepeated = begun.run === null && begun.begun === null;
  return isRepeated ? ((await findEarlierRouted(ports, send)) ?? begun) : begun;
}

async function findEarlierRouted(ports: GatewayPorts, send: IdentifiedSend): Promise<AcceptedSend | null> {
  const { caller, identity } = send;
  const earlier = await ports.store.findSend(caller.tenant.id, identity.keyHash);
  if (earlier === null) return null;
  if (earlier.fingerprint !== identity.fingerprint) throw new PlatformError('task.idempotency-conflict');
  const address = await findRoutedAddress(ports, send, earlier.taskId);
  if (address === null) return null;
  return { viewer: viewerOfSend({ ...send, address }), taskId: earlier.taskId, run: null, begun: null };
}

/** Offers the send to the skills in their order until an agent takes it. Throws `router.nothing-fits`, and the first refusal when all refuse. */
async function tryOffers(
  ports: GatewayPorts,
  send: IdentifiedSend,
  acceptAtAgent: AcceptAtAgent,
): Promise<AcceptedSend> {
  const { caller, address, request } = send;
  const { ranked, by, chooser } = await findOffers(ports.router, caller, request.message);
  const refused = new Map<number, ErrorCode>();
  let first: PlatformError | null = null;
  for (const [at, { offer, isFit }] of ranked.entries()) {
    if (!isFit || refused.size >= limits.routerAttemptsMax) break;
    const { agentName, skillId } = offer;
    const considered = reportOffers(ranked, at, refused);
    const routed = {
      by,
      skill: skillId,
      offers: ranked.length,
      considered,
      ...(chooser === undefined ? {} : { chooser }),
    };
    const message = forSkill(request.message, skillId);
    try {
      return await acceptAtAgent({
        ...send,
        address: { ...address, agentName },
        request: { ...request, message },
        routed,
      });
    } catch (error) {
      if (!(error instanceof PlatformError) || !refusalsToPass.has(error.code)) throw error;
      refused.set(at, error.code);
      first ??= error;
    }
  }
  throw first === null || first.code === 'registry.agent-unknown' ? new PlatformError('router.nothing-fits') : first;
}
