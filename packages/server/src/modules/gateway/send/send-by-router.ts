import { PlatformError } from '../../../kernel/errors.ts';
import type { ErrorCode } from '../../../kernel/error-catalog.ts';
import { limits } from '../../../kernel/limits.ts';
import { authorize } from '../../access/index.ts';
import { reportOffers } from '../../routing/index.ts';
import { continueNamedTask } from './send-to-named-task.ts';
import { findOffers } from './find-offers.ts';
import type { GatewayPorts } from '../ports.ts';
import { addressOfRouted, findRoutedAddress } from '../view/routed-address.ts';
import { viewerOfSend } from './send.ts';
import type { AcceptedSend, IncomingSend } from './send.ts';
import { identifySend } from './send-fingerprint.ts';
import { forSkill } from './skill-question.ts';
import { taskIdOf } from '../view/task-id-of.ts';
import { findNamedTask, identifyNamedSend } from './task-name.ts';

/** Dispatches a send to an agent that is named. */
type Dispatch = (send: IncomingSend) => Promise<AcceptedSend>;

/** What lets the router try the next agent: this one can not be sent to now, or not by this chain of tasks. Nothing was recorded. */
const passedBy: ReadonlySet<ErrorCode> = new Set([
  'registry.agent-unknown',
  'routing.no-instance',
  'upstream.circuit-open',
  'upstream.saturated',
  'upstream.queue-too-old',
  'delegation.loop',
]);

/**
 * A send to the router: a further turn goes to the agent that has the task; a repeated send is the task that it was; any other finds an
 * agent and a skill. Who repeats it knows only the router, so its key goes by the router's address.
 */
export async function sendByRouter(ports: GatewayPorts, send: IncomingSend, dispatch: Dispatch): Promise<AcceptedSend> {
  const { caller, address, request, options } = send;
  authorize(caller, 'task.send', address);
  // The token may be for the router alone; what it is for is done on its behalf.
  const freed = { ...send, caller: caller.boundTo === null ? caller : { ...caller, boundTo: null } };
  if (options.namesTask === true) return dispatchNamedRouted(ports, freed, dispatch);
  if (request.message.taskId !== undefined) {
    const at = await addressOfRouted(ports, freed, taskIdOf(request.message.taskId));
    return dispatch({ ...freed, address: at });
  }
  return begin(ports, { ...freed, identity: identifySend(caller, address, request, options.idempotencyKey) }, dispatch);
}

/** As {@link sendToNamedTask}: the first message of a name finds an agent, the later ones go on with its task. */
async function dispatchNamedRouted(ports: GatewayPorts, send: IncomingSend, dispatch: Dispatch): Promise<AcceptedSend> {
  const name = send.request.message.taskId ?? '';
  const goOn = async (): Promise<AcceptedSend | null> => {
    const known = await findNamedTask(ports.store, viewerOfSend(send), name);
    if (known === null) return null;
    return continueNamedTask(ports, { ...send, address: await addressOfRouted(ports, send, known) }, known);
  };
  const known = await goOn();
  if (known !== null) return known;
  const { taskId: _name, ...message } = send.request.message;
  const first = { ...send, request: { ...send.request, message } };
  try {
    return await begin(ports, { ...first, identity: identifyNamedSend(first, name) }, dispatch);
  } catch (error) {
    // Another message has begun the task of this name meanwhile.
    const begun = error instanceof PlatformError && error.code === 'task.idempotency-conflict' ? await goOn() : null;
    if (begun === null) throw error;
    return begun;
  }
}

type IdentifiedIncoming = IncomingSend & Required<Pick<IncomingSend, 'identity'>>;

async function begin(ports: GatewayPorts, send: IdentifiedIncoming, dispatch: Dispatch): Promise<AcceptedSend> {
  const earlier = await findEarlier(ports, send);
  if (earlier !== null) return earlier;
  const begun = await tryOffers(ports, send, dispatch);
  // The same send was first with another agent, whose task it is.
  const isAnothers = begun.run === null && begun.begun === null;
  return isAnothers ? ((await findEarlier(ports, send)) ?? begun) : begun;
}

async function findEarlier(ports: GatewayPorts, send: IdentifiedIncoming): Promise<AcceptedSend | null> {
  const { caller, identity } = send;
  const earlier = await ports.store.findSend(caller.tenant.id, identity.keyHash);
  if (earlier === null) return null;
  if (earlier.fingerprint !== identity.fingerprint) throw new PlatformError('task.idempotency-conflict');
  const address = await findRoutedAddress(ports, send, earlier.taskId);
  if (address === null) return null;
  return { viewer: viewerOfSend({ ...send, address }), taskId: earlier.taskId, run: null, begun: null };
}

/** Tries the skills in their order until one takes the send. Throws `router.nothing-fits`, and the first refusal when all refuse. */
async function tryOffers(ports: GatewayPorts, send: IdentifiedIncoming, dispatch: Dispatch): Promise<AcceptedSend> {
  const { caller, address, request } = send;
  const { ranked, by, chooser } = await findOffers(ports.router, caller, address, request.message);
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
      return await dispatch({ ...send, address: { ...address, agentName }, request: { ...request, message }, routed });
    } catch (error) {
      if (!(error instanceof PlatformError) || !passedBy.has(error.code)) throw error;
      refused.set(at, error.code);
      first ??= error;
    }
  }
  throw first === null || first.code === 'registry.agent-unknown' ? new PlatformError('router.nothing-fits') : first;
}
