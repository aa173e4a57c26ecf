import { isTaskOperation } from '@colloquy/protocol';
import type { Operation, OperationRequest, TaskOperation } from '@colloquy/protocol';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { authorize } from '../../modules/access/index.ts';
import type { appendAuditEntry } from '../../modules/audit/index.ts';
import type { Operation as Permission } from '../../modules/access/index.ts';
import type { AgentAddress, Gateway, TaskStream } from '../../modules/gateway/index.ts';
import type { ServedCard } from '../../modules/registry/index.ts';
import { slugProblem } from '../../modules/tenancy/index.ts';
import type { HeaderOptions } from './a2a-request.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import type { ResultEncoder } from './wire-form.ts';

/** What comes of an operation: one answer as JSON text, or a live view of a task with the writer of its events. */
export type Outcome =
  | { readonly kind: 'answer'; readonly json: string }
  | { readonly kind: 'stream'; readonly stream: TaskStream; readonly event: ResultEncoder['event'] };

export interface OperationPorts {
  readonly gateway: Gateway;
  /** The card of an agent of the caller's tenant; rejects with `registry.agent-unknown`. */
  readonly getCard: (caller: Caller, agentName: string) => Promise<ServedCard>;
  readonly appendAuditEntry: ReturnType<typeof appendAuditEntry>;
}

/** Who asks for what, where. */
export interface AddressedOperation {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly operation: Operation;
}

/**
 * Does the work of an operation that the address allows. A refusal for want of a right leaves an audit entry in the tenant of
 * the token, before it is answered.
 */
export async function admitted(
  ports: OperationPorts,
  asked: AddressedOperation,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const { caller, address, operation } = asked;
  try {
    assertAddress(caller, address, operation);
    return await work();
  } catch (error) {
    const isForeign = address.tenantSlug !== caller.tenant.slug;
    if (error instanceof PlatformError && (isForeign || error.code === 'access.scope-missing')) {
      await ports.appendAuditEntry(caller, {
        action: 'access.refused',
        outcome: 'refused',
        resource: `operations/${permissionFor(operation)}`,
        facts: { code: error.code },
      });
    }
    throw error;
  }
}

function permissionFor(operation: Operation): Permission {
  return isTaskOperation(operation) ? permissionOf[operation] : 'card.read';
}

const permissionOf: Readonly<Record<TaskOperation, Permission>> = {
  SendMessage: 'task.send',
  SendStreamingMessage: 'task.send',
  GetTask: 'task.get',
  ListTasks: 'task.list',
  CancelTask: 'task.cancel',
  SubscribeToTask: 'task.subscribe',
};

/** Who asks where, and how the results are to be written. */
export interface AskedCall {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly results: ResultEncoder;
}

/** Carries out one decoded operation of a caller on an agent. */
export function runOperation(
  ports: OperationPorts,
  { caller, address, results }: AskedCall,
  call: OperationRequest,
  options: HeaderOptions,
): Promise<Outcome> {
  const { gateway } = ports;
  const answer = <T>(encode: (value: T) => string, value: T): Outcome => ({ kind: 'answer', json: encode(value) });
  const view = (stream: TaskStream): Outcome => ({ kind: 'stream', stream, event: results.event });
  switch (call.operation) {
    case 'SendMessage':
      return gateway
        .sendMessage(caller, address, call.request, options)
        .then((response) => answer(results.sendMessage, response));
    case 'SendStreamingMessage':
      return gateway.streamMessage(caller, address, call.request, options).then(view);
    case 'GetTask':
      return gateway.getTask(caller, address, call.request).then((task) => answer(results.task, task));
    case 'ListTasks':
      return gateway.listTasks(caller, address, call.request).then((page) => answer(results.taskPage, page));
    case 'CancelTask':
      return gateway.cancelTask(caller, address, call.request).then((task) => answer(results.task, task));
    case 'SubscribeToTask':
      return gateway.subscribeToTask(caller, address, call.request, options).then(view);
    default:
      return refuseOptional(ports, { caller, address }, call.operation);
  }
}

/**
 * Throws unless the address may name an agent of the caller's own tenant. An operator acts on other tenants through the admin API
 * only, so that a call is always made, paid for and recorded in one tenant.
 */
function assertAddress(caller: Caller, address: AgentAddress, operation: Operation): void {
  const { tenantSlug, agentName } = address;
  if (tenantSlug === caller.tenant.slug && slugProblem(agentName) === null) return;
  authorize(caller, permissionFor(operation), { tenantSlug });
  throw new PlatformError('registry.agent-unknown');
}

/** Refuses the operations behind capabilities that no card of ours declares: after the address, before any task is looked up. */
export async function refuseOptional(
  { getCard }: OperationPorts,
  { caller, address }: { readonly caller: Caller; readonly address: AgentAddress },
  operation: Operation,
): Promise<never> {
  authorize(caller, 'card.read', { tenantSlug: address.tenantSlug });
  await getCard(caller, address.agentName);
  if (operation !== 'GetExtendedAgentCard') throw new PlatformError('task.push-unsupported');
  throw new ProtocolRefusal('UnsupportedOperationError', { message: 'This agent offers no extended card.' });
}
