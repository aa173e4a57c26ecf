import {
  AgentCard,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { Client, credentials, Metadata, status as statuses } from '@grpc/grpc-js';
import type { ClientReadableStream, MethodDefinition, ServiceError } from '@grpc/grpc-js';
import type { Binding, CallOptions, OperationName, Place, Reply, StreamEvent } from './binding.ts';
import { refusedStream, streamOf } from './event-queue.ts';
import { grpcFailure } from './grpc-failure.ts';
import { withTenant } from './json-rpc.ts';

interface JsonForm {
  fromJSON(value: unknown): unknown;
  toJSON(value: never): unknown;
}

const nothing: JsonForm = { fromJSON: () => ({}), toJSON: () => ({}) };

/** Requests and answers of each operation, in the official SDK's rendering of the schema. */
const forms: Readonly<Record<OperationName, readonly [request: JsonForm, answer: JsonForm]>> = {
  SendMessage: [SendMessageRequest, SendMessageResponse],
  SendStreamingMessage: [SendMessageRequest, StreamResponse],
  GetTask: [GetTaskRequest, Task],
  ListTasks: [ListTasksRequest, ListTasksResponse],
  CancelTask: [CancelTaskRequest, Task],
  SubscribeToTask: [SubscribeToTaskRequest, StreamResponse],
  CreateTaskPushNotificationConfig: [TaskPushNotificationConfig, TaskPushNotificationConfig],
  GetTaskPushNotificationConfig: [GetTaskPushNotificationConfigRequest, TaskPushNotificationConfig],
  ListTaskPushNotificationConfigs: [ListTaskPushNotificationConfigsRequest, ListTaskPushNotificationConfigsResponse],
  DeleteTaskPushNotificationConfig: [DeleteTaskPushNotificationConfigRequest, nothing],
  GetExtendedAgentCard: [GetExtendedAgentCardRequest, AgentCard],
};

// Keyed as the SDK keys them: the operation with a small first letter.
const methods = A2AService as unknown as Readonly<Record<string, MethodDefinition<unknown, unknown>>>;
const callMsMax = 30_000;

/** The gRPC binding, in the bytes of the official SDK's schema. */
export function grpc(place: Place): Binding {
  const client = new Client(place.url, credentials.createInsecure());
  const prepare = (operation: OperationName, fields: object, options: CallOptions | undefined) => {
    const method = methods[operation.charAt(0).toLowerCase() + operation.slice(1)];
    if (method === undefined) throw new Error(`The schema has no ${operation}.`);
    const [request, answer] = forms[operation];
    const { path, requestSerialize, responseDeserialize } = method;
    const message = request.fromJSON(withTenant(place, fields));
    const deadline = { deadline: Date.now() + callMsMax };
    const call = [path, requestSerialize, responseDeserialize, message, metadataOf(place, options), deadline] as const;
    return { call, answer };
  };
  return {
    name: 'GRPC',
    call(operation, fields, options) {
      const { call, answer } = prepare(operation, fields, options);
      return new Promise<Reply>((resolve) => {
        client.makeUnaryRequest(...call, (error, value) =>
          resolve(error === null ? success(answer.toJSON(value as never)) : refusal(error)),
        );
      });
    },
    async open(operation, fields, options) {
      const { call, answer } = prepare(operation, fields, options);
      const stream = client.makeServerStreamRequest(...call);
      const events = eventsOf(stream, answer);
      try {
        const first = await events.next();
        const all = first.done === true ? none() : preceded(first.value, events);
        return streamOf(all, { contentType: undefined, close: () => stream.cancel() });
      } catch (error) {
        return refusedStream(refusal(error as ServiceError));
      }
    },
  };
}

const success = (result: unknown): Reply => ({ result, status: 0, header: () => undefined });

const refusal = (error: ServiceError): Reply => ({
  failure: grpcFailure(error, statuses[error.code]),
  status: 0,
  header: () => undefined,
});

function metadataOf(
  place: Place,
  { token = place.token, version = '1.0', parameters = {} }: CallOptions = {},
): Metadata {
  const metadata = new Metadata();
  if (token !== null) metadata.set('authorization', `Bearer ${token}`);
  if (version !== null) metadata.set('a2a-version', version);
  for (const [name, value] of Object.entries(parameters)) metadata.set(name, value);
  return metadata;
}

async function* eventsOf(stream: ClientReadableStream<unknown>, form: JsonForm): AsyncGenerator<StreamEvent> {
  for await (const value of stream) yield form.toJSON(value as never) as StreamEvent;
}

async function* preceded(first: StreamEvent, rest: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
  yield first;
  yield* rest;
}

async function* none(): AsyncGenerator<StreamEvent> {}
