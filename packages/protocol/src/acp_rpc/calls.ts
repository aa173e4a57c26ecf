import type { Artifact, JsonObject, Message, Task } from '../model/index.ts';
import type { AcpRpcEvent, AcpRpcPriority } from './names.ts';

/** Every method, in the order of the schema. */
export const acpRpcMethods = [
  'tasks.create',
  'tasks.send',
  'tasks.get',
  'tasks.cancel',
  'tasks.subscribe',
  'stream.start',
  'stream.message',
  'stream.end',
  'task.notification',
  'stream.chunk',
] as const;

/** A method of ACP-RPC. */
export type AcpRpcMethod = (typeof acpRpcMethods)[number];

/** Params of `tasks.create`. */
export interface CreateParams {
  readonly initialMessage: Message;
  /** The agent that the client chooses. */
  readonly assignTo?: string;
  readonly priority?: AcpRpcPriority;
  readonly metadata?: JsonObject;
}

/** Params of `tasks.send`. */
export interface SendParams {
  readonly taskId: string;
  readonly message: Message;
}

/** Params of `tasks.get`. */
export interface GetParams {
  readonly taskId: string;
  readonly includeMessages: boolean;
  readonly includeArtifacts: boolean;
}

/** Params of `tasks.cancel`. */
export interface CancelParams {
  readonly taskId: string;
  readonly reason?: string;
}

/** Params of `tasks.subscribe`. */
export interface SubscribeParams {
  readonly taskId: string;
  readonly callbackUrl: string;
  readonly events: readonly AcpRpcEvent[];
  /** Signs the notifications; an extension that no answer repeats. */
  readonly webhookSecret?: string;
}

/** Params of `stream.start`. */
export interface StreamStartParams {
  readonly participants: readonly string[];
  readonly metadata?: JsonObject;
}

/** Params of `stream.message`. */
export interface StreamMessageParams {
  readonly streamId: string;
  readonly message: Message;
}

/** Params of `stream.end`. */
export interface StreamEndParams {
  readonly streamId: string;
  readonly reason?: string;
}

/** Params of `task.notification`, also the body of a webhook. The wire's `data` is one of the last three, as the event says. */
export interface NotificationParams {
  readonly taskId: string;
  readonly event: AcpRpcEvent;
  readonly timestamp: string;
  readonly task?: Task;
  readonly message?: Message;
  readonly artifact?: Artifact;
}

/** Params of `stream.chunk`. */
export interface ChunkParams {
  readonly streamId: string;
  readonly chunk: Message;
  readonly sequence: number;
  readonly isLast: boolean;
}

/** The params of each method, with messages of the model. */
export interface AcpRpcParams {
  readonly 'tasks.create': CreateParams;
  readonly 'tasks.send': SendParams;
  readonly 'tasks.get': GetParams;
  readonly 'tasks.cancel': CancelParams;
  readonly 'tasks.subscribe': SubscribeParams;
  readonly 'stream.start': StreamStartParams;
  readonly 'stream.message': StreamMessageParams;
  readonly 'stream.end': StreamEndParams;
  readonly 'task.notification': NotificationParams;
  readonly 'stream.chunk': ChunkParams;
}

/** Whether a method exists. */
export function isAcpRpcMethod(method: string): method is AcpRpcMethod {
  return acpRpcMethods.some((known) => known === method);
}
