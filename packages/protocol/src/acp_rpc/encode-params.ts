import { encodeJsonRpcRequest } from '../jsonrpc/index.ts';
import type { AcpRpcMethod, AcpRpcParams, NotificationParams } from './calls.ts';
import { wireArtifact, wireMessage, wireTask } from './encode-task.ts';

type Writer<T> = (params: T) => object;

const writers: { readonly [M in AcpRpcMethod]: Writer<AcpRpcParams[M]> } = {
  'tasks.create': ({ initialMessage, ...others }) => ({ initialMessage: wireMessage(initialMessage), ...others }),
  'tasks.send': ({ taskId, message }) => ({ taskId, message: wireMessage(message) }),
  'tasks.get': (params) => params,
  // Servers in the field take a cancel without a reason for another request.
  'tasks.cancel': ({ taskId, reason = 'canceled by the client' }) => ({ taskId, reason }),
  'tasks.subscribe': (params) => params,
  'stream.start': (params) => params,
  'stream.message': ({ streamId, message }) => ({ streamId, message: wireMessage(message) }),
  'stream.end': (params) => params,
  'task.notification': wireNotification,
  'stream.chunk': ({ chunk, ...others }) => ({ ...others, chunk: wireMessage(chunk) }),
};

/** Params of `task.notification`, also the body of a webhook, as an object of the wire. */
export function wireNotification({ taskId, event, timestamp, ...about }: NotificationParams): object {
  const { task, message, artifact } = about;
  if (task !== undefined) return { taskId, event, timestamp, data: wireTask(task, { createdAt: timestamp }) };
  if (message !== undefined) return { taskId, event, timestamp, data: wireMessage(message) };
  return { taskId, event, timestamp, data: artifact === undefined ? undefined : wireArtifact(artifact) };
}

/** The body of a request as JSON text. */
export function encodeCall<M extends AcpRpcMethod>(id: string | number, method: M, params: AcpRpcParams[M]): string {
  return encodeJsonRpcRequest(id, method, paramsText(method, params));
}

/** The body of a notification, which gets no answer, as JSON text. */
export function encodeNotification<M extends AcpRpcMethod>(method: M, params: AcpRpcParams[M]): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${paramsText(method, params)}}`;
}

function paramsText<M extends AcpRpcMethod>(method: M, params: AcpRpcParams[M]): string {
  const write: Writer<AcpRpcParams[M]> = writers[method];
  return JSON.stringify(write(params));
}
