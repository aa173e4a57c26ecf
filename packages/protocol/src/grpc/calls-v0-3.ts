import { DecodeError } from '../errors/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import type { DecodeLimits } from '../codec/index.ts';
import { decodeParams } from '../v0_3/index.ts';
import { readMessage } from './read-message.ts';
import type { MessageJson } from './read-message.ts';
import { packageV03 } from './schema-v0-3.ts';
import { writeMessage } from './write-message.ts';

/** The operations of the gRPC binding of A2A 0.3, which has no list of tasks. */
export type GrpcOperationV03 = Exclude<Operation, 'ListTasks'>;

interface RpcShape {
  readonly rpc: string;
  readonly request: string;
  readonly answer: string;
}

const rpcs: Readonly<Record<GrpcOperationV03, RpcShape>> = {
  SendMessage: { rpc: 'SendMessage', request: 'SendMessageRequest', answer: 'SendMessageResponse' },
  SendStreamingMessage: { rpc: 'SendStreamingMessage', request: 'SendMessageRequest', answer: 'StreamResponse' },
  GetTask: { rpc: 'GetTask', request: 'GetTaskRequest', answer: 'Task' },
  CancelTask: { rpc: 'CancelTask', request: 'CancelTaskRequest', answer: 'Task' },
  SubscribeToTask: { rpc: 'TaskSubscription', request: 'TaskSubscriptionRequest', answer: 'StreamResponse' },
  CreateTaskPushNotificationConfig: ofConfig('CreateTaskPushNotificationConfig', 'TaskPushNotificationConfig'),
  GetTaskPushNotificationConfig: ofConfig('GetTaskPushNotificationConfig', 'TaskPushNotificationConfig'),
  ListTaskPushNotificationConfigs: ofConfig('ListTaskPushNotificationConfig', 'ListTaskPushNotificationConfigResponse'),
  DeleteTaskPushNotificationConfig: ofConfig('DeleteTaskPushNotificationConfig', 'Empty'),
  GetExtendedAgentCard: { rpc: 'GetAgentCard', request: 'GetAgentCardRequest', answer: 'AgentCard' },
};

function ofConfig(rpc: string, answer: string): RpcShape {
  return { rpc, request: `${rpc}Request`, answer };
}

/** The `:path` of an operation's calls in A2A 0.3. */
export function grpcPathV03(operation: GrpcOperationV03): string {
  return `/${packageV03}.A2AService/${rpcs[operation].rpc}`;
}

/** Decodes the request message of an operation of A2A 0.3. Throws {@link DecodeError}, whatever the bytes. */
export function decodeGrpcRequestV03(
  operation: GrpcOperationV03,
  bytes: Uint8Array,
  limits: DecodeLimits,
): OperationRequest {
  const message = readMessage(`${packageV03}.${rpcs[operation].request}`, bytes, limits);
  return decodeParams(operation, paramsOf(operation, message), { limits, dialect: 'proto' });
}

/** The answer message of an operation of A2A 0.3, or one of its stream, from its ProtoJSON form as text or as a value; no JSON is the empty message. */
export function encodeGrpcAnswerV03(operation: GrpcOperationV03, json: string | object): Uint8Array {
  const { answer } = rpcs[operation];
  if (answer === 'Empty') return writeMessage(answer, {});
  const value: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  return writeMessage(`${packageV03}.${answer}`, value);
}

/** The members of a request as JSON-RPC of 0.3 names them: gRPC has resource names in place of ids. */
function paramsOf(operation: GrpcOperationV03, message: MessageJson): object {
  switch (operation) {
    case 'GetTask':
    case 'CancelTask':
    case 'SubscribeToTask':
      return { ...message, id: taskIn('name', message) };
    case 'ListTaskPushNotificationConfigs':
      return { id: taskIn('parent', message) };
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return configIn(message);
    case 'CreateTaskPushNotificationConfig':
      return newConfigIn(message);
    case 'SendMessage':
    case 'SendStreamingMessage':
    case 'GetExtendedAgentCard':
      return message;
  }
}

const taskName = /^tasks\/([^/]+)$/;
const configName = /^tasks\/([^/]+)\/pushNotificationConfigs\/(.+)$/s;

function taskIn(field: 'name' | 'parent', message: MessageJson): string {
  return partsOf(field, message, { shape: taskName, form: 'tasks/{task}' })[0] ?? '';
}

function configIn(message: MessageJson): object {
  const form = 'tasks/{task}/pushNotificationConfigs/{config}';
  const [id, pushNotificationConfigId] = partsOf('name', message, { shape: configName, form });
  return { id, pushNotificationConfigId };
}

/** The id stands beside the config, and in the config as well. */
function newConfigIn(message: MessageJson): object {
  const { configId, config } = message;
  const { pushNotificationConfig } = isRecord(config) ? config : {};
  const given = isRecord(pushNotificationConfig) ? pushNotificationConfig : undefined;
  return {
    taskId: taskIn('parent', message),
    pushNotificationConfig: given === undefined || configId === undefined ? given : { ...given, id: configId },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function partsOf(
  field: 'name' | 'parent',
  message: MessageJson,
  { shape, form }: { readonly shape: RegExp; readonly form: string },
): readonly string[] {
  const name = message[field];
  const found = typeof name === 'string' ? shape.exec(name) : null;
  if (found === null) throw new DecodeError([{ field, description: `must be "${form}"` }]);
  return found.slice(1);
}
