import type { AgentCard, Operation, OperationRequest } from '@colloquy/protocol';
import { everything } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { routerName } from '../../kernel/router-name.ts';
import { authorize } from '../../modules/access/index.ts';
import type { appendAuditEntry } from '../../modules/audit/index.ts';
import type { Operation as Permission } from '../../modules/access/index.ts';
import type { AgentAddress, Gateway, TaskStream } from '../../modules/gateway/index.ts';
import { answerExtensions, asksForCost, streamExtensions } from '../../modules/gateway/index.ts';
import { slugProblem } from '../../modules/tenancy/index.ts';
import type { HeaderOptions } from './a2a-request.ts';
import type { ResultEncoder, RestForm, RpcForm } from './wire-form.ts';

/** What comes of an operation: one answer, or a live view of a task with the writer of its events. */
export type Outcome =
  /** `json`: its text, or what has yet to be written as JSON because that takes long. */
  | {
      readonly kind: 'answer';
      readonly json: string | object;
      /** URIs of the extensions that are active on it; absent: none. */
      readonly extensions?: readonly string[];
    }
  | {
      readonly kind: 'stream';
      readonly stream: TaskStream;
      readonly event: ResultEncoder['event'];
      /** URIs of the extensions that are active on it. */
      readonly extensions: readonly string[];
    };

export interface OperationPorts {
  readonly gateway: Gateway;
  /** The card of an agent of the caller's tenant as the caller may see it; rejects with `registry.agent-unknown`. */
  readonly getExtendedCard: (caller: Caller, agentName: string) => Promise<AgentCard>;
  readonly appendAuditEntry: ReturnType<typeof appendAuditEntry>;
}

/** An operation with its caller and the address that it was sent to. */
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
    if (error instanceof PlatformError && isRefusal(asked, error)) {
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

/** Whether a right was missing, which may be answered as an unknown agent, or the delegation chain was refused. */
function isRefusal({ caller, address }: AddressedOperation, { code }: PlatformError): boolean {
  if (address.tenantSlug !== caller.tenant.slug || code === 'access.scope-missing') return true;
  if (code === 'delegation.invalid' || code === 'delegation.loop' || code === 'delegation.too-deep') return true;
  return code === 'registry.agent-unknown' && caller.access !== everything;
}

/** The permission that an operation of A2A needs. */
export function permissionFor(operation: Operation): Permission {
  return permissionOf[operation];
}

const permissionOf: Readonly<Record<Operation, Permission>> = {
  SendMessage: 'task.send',
  SendStreamingMessage: 'task.send',
  GetTask: 'task.get',
  ListTasks: 'task.list',
  CancelTask: 'task.cancel',
  SubscribeToTask: 'task.subscribe',
  CreateTaskPushNotificationConfig: 'push.create',
  GetTaskPushNotificationConfig: 'push.get',
  ListTaskPushNotificationConfigs: 'push.list',
  DeleteTaskPushNotificationConfig: 'push.delete',
  GetExtendedAgentCard: 'card.read',
};

/** The caller, the address of the call and the encoder of its results. */
export interface AskedCall {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly results: ResultEncoder;
  /** The version of A2A that the caller speaks; absent for 1.0. */
  readonly protocolVersion?: string;
  /** A message's `taskId` is a name that the caller chose. */
  readonly namesTask?: true;
}

/** The part of an asked call that its wire tells. */
export function spokenBy({
  version,
  results,
}: Pick<RpcForm | RestForm, 'version' | 'results'>): Pick<AskedCall, 'results' | 'protocolVersion'> {
  return version === '1.0' ? { results } : { results, protocolVersion: version };
}

function answer(json: string | object): Outcome {
  return { kind: 'answer', json };
}

/** An answer with tasks. */
function taskAnswer(json: string | object, header: HeaderOptions): Outcome {
  const extensions = answerExtensions(header);
  return extensions.length === 0 ? answer(json) : { kind: 'answer', json, extensions };
}

/** What writes a result for a caller that holds its bytes by now. */
function encoderFor(
  { held }: Caller,
  results: ResultEncoder,
): Pick<ResultEncoder, 'sendMessage' | 'task' | 'taskPage'> | NonNullable<ResultEncoder['values']> {
  return held !== undefined && held.bytes > limits.longWorkBytes ? (results.values ?? results) : results;
}

function view(stream: TaskStream, { event }: ResultEncoder, header: HeaderOptions): Outcome {
  return { kind: 'stream', stream, event, extensions: streamExtensions(header) };
}

/** Carries out one decoded operation of a caller on an agent. */
export function runOperation(
  ports: OperationPorts,
  { caller, address, results, protocolVersion, namesTask }: AskedCall,
  call: OperationRequest,
  header: HeaderOptions,
): Promise<Outcome> {
  const named = namesTask === undefined ? header : { ...header, namesTask };
  const options = protocolVersion === undefined ? named : { ...named, protocolVersion };
  const { gateway } = ports;
  const tasks = asksForCost(header) ? gateway.withCosts : gateway;
  switch (call.operation) {
    case 'SendMessage':
      return tasks
        .sendMessage(caller, address, call.request, options)
        .then((response) => taskAnswer(encoderFor(caller, results).sendMessage(response), header));
    case 'SendStreamingMessage':
      return tasks
        .streamMessage(caller, address, call.request, options)
        .then((stream) => view(stream, results, header));
    case 'GetTask':
      return tasks
        .getTask(caller, address, call.request)
        .then((task) => taskAnswer(encoderFor(caller, results).task(task), header));
    case 'ListTasks':
      return tasks
        .listTasks(caller, address, call.request)
        .then((page) => taskAnswer(encoderFor(caller, results).taskPage(page), header));
    case 'CancelTask':
      return tasks
        .cancelTask(caller, address, call.request, { isRepeatRefused: protocolVersion === '0.3' })
        .then((task) => taskAnswer(encoderFor(caller, results).task(task), header));
    case 'SubscribeToTask':
      return tasks
        .subscribeToTask(caller, address, call.request, options)
        .then((stream) => view(stream, results, header));
    case 'CreateTaskPushNotificationConfig':
      return gateway
        .createPushConfig(caller, address, call.request, protocolVersion === undefined ? {} : { protocolVersion })
        .then((config) => answer(results.pushConfig(config)));
    case 'GetTaskPushNotificationConfig':
      return gateway.getPushConfig(caller, address, call.request).then((config) => answer(results.pushConfig(config)));
    case 'ListTaskPushNotificationConfigs':
      return gateway
        .listPushConfigs(caller, address, call.request)
        .then((page) => answer(results.pushConfigPage(page)));
    case 'DeleteTaskPushNotificationConfig':
      return gateway.deletePushConfig(caller, address, call.request).then(() => answer(results.nothing));
    case 'GetExtendedAgentCard':
      return extendedCard(ports, { caller, address, results });
  }
}

/**
 * Throws unless the address may name an agent of the caller's own tenant. An operator acts on other tenants through the admin API
 * only, so that a call is always made, paid for and recorded in one tenant.
 */
function assertAddress(caller: Caller, address: AgentAddress, operation: Operation): void {
  const { tenantSlug, agentName } = address;
  const isName = slugProblem(agentName) === null || agentName === routerName;
  if (tenantSlug === caller.tenant.slug && isName) return;
  authorize(caller, permissionFor(operation), address);
  throw new PlatformError('registry.agent-unknown');
}

/** The card as this caller may see it (A2A 1.0 section 3.1.11). */
async function extendedCard(
  { getExtendedCard }: OperationPorts,
  { caller, address, results }: AskedCall,
): Promise<Outcome> {
  authorize(caller, 'card.read', address);
  return answer(results.card(await getExtendedCard(caller, address.agentName)));
}
