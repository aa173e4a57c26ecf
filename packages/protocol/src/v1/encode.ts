import type {
  AgentCard,
  ListTaskPushNotificationConfigsResponse,
  ListTasksResponse,
  Message,
  OperationRequest,
  RoutedRequest,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from '../model/index.ts';

/*
 * The model has A2A 1.0's shape, so most encoders only stringify: members keep the order the decoders gave them, and
 * equal models from equal input give equal text. Only `routingTag` is called `tenant` on the wire.
 */

/** A `Task` as JSON text: the result of GetTask and CancelTask. */
export function encodeTask(task: Task): string {
  return JSON.stringify(task);
}

/** A `Message` as JSON text. */
export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}

/** A `SendMessageResponse` as JSON text: `{"task":…}` or `{"message":…}`, in every binding. */
export function encodeSendMessageResponse(response: SendMessageResponse): string {
  return JSON.stringify(response);
}

/** A `StreamResponse` as JSON text: one stream item or push body. */
export function encodeStreamResponse(response: StreamResponse): string {
  return JSON.stringify(response);
}

/** A `ListTasksResponse` as JSON text, with all four members whatever their values. */
export function encodeListTasksResponse(response: ListTasksResponse): string {
  const { tasks, nextPageToken, pageSize, totalSize } = response;
  return JSON.stringify({ tasks, nextPageToken, pageSize, totalSize });
}

/** A `TaskPushNotificationConfig` as JSON text. */
export function encodePushConfig(config: TaskPushNotificationConfig): string {
  return JSON.stringify(withTenant(config));
}

/** A `ListTaskPushNotificationConfigsResponse` as JSON text, with both members whatever their values. */
export function encodeListPushConfigsResponse(response: ListTaskPushNotificationConfigsResponse): string {
  const { configs, nextPageToken } = response;
  return JSON.stringify({ configs: configs.map(withTenant), nextPageToken });
}

/** An `AgentCard` as JSON text. Required members are there even when empty. */
export function encodeAgentCard(card: AgentCard): string {
  return JSON.stringify({ ...card, supportedInterfaces: card.supportedInterfaces.map(withTenant) });
}

/** The request messages, by operation. */
export type OutgoingRequest = OperationRequest['request'];

/** A request as JSON text: JSON-RPC params or a REST body. */
export function encodeRequest(request: OutgoingRequest): string {
  const wire = withTenant(request);
  const push = 'configuration' in request ? request.configuration?.taskPushNotificationConfig : undefined;
  if (push === undefined) return JSON.stringify(wire);
  return JSON.stringify({
    ...wire,
    configuration: {
      ...('configuration' in request ? request.configuration : {}),
      taskPushNotificationConfig: withTenant(push),
    },
  });
}

function withTenant<T extends RoutedRequest>({ routingTag, ...rest }: T): object {
  return routingTag === undefined ? rest : { tenant: routingTag, ...rest };
}
