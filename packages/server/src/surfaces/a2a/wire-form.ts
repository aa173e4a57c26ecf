import type {
  AgentCard,
  ListTaskPushNotificationConfigsResponse,
  ListTasksResponse,
  Operation,
  OperationRequest,
  SendMessageResponse,
  Task,
  TaskPushNotificationConfig,
} from '@colloquy/protocol';
import type { DecodeLimits, RestMatch, RestRequestParts } from '@colloquy/protocol/codec';
import type { JsonRpcErrorBody, WireError } from '@colloquy/protocol/errors';

import type { IncomingHttpHeaders } from 'node:http';

/** How the results of operations are written in one version of the wire, as JSON text. */
export interface ResultEncoder {
  readonly sendMessage: (response: SendMessageResponse) => string;
  readonly task: (task: Task) => string;
  readonly taskPage: (page: ListTasksResponse) => string;
  /** The values that these three write as JSON, for long ones; absent: of this version they are only written whole. */
  readonly values?: {
    readonly sendMessage: (response: SendMessageResponse) => object;
    readonly task: (task: Task) => object;
    readonly taskPage: (page: ListTasksResponse) => object;
  };
  readonly pushConfig: (config: TaskPushNotificationConfig) => string;
  readonly pushConfigPage: (page: ListTaskPushNotificationConfigsResponse) => string;
  /** The answer to an operation without a result. */
  readonly nothing: string;
  readonly card: (card: AgentCard) => string;
  /** One event of a stream, from the text that the task's log has: a `StreamResponse` of A2A 1.0. */
  readonly event: (logged: string) => string;
}

/** One version of A2A, whatever the binding. */
interface WireVersion {
  /** `Major.Minor`, as callers name it in `A2A-Version`. */
  readonly version: string;
  readonly results: ResultEncoder;
  /** What writes the results of one call, where that depends on what was asked. */
  readonly resultsOf?: (call: OperationRequest) => ResultEncoder;
  /** Callers name tasks by ids of their own choice. */
  readonly namesTasks?: true;
}

/** One version of A2A over JSON-RPC. */
export interface RpcForm extends WireVersion {
  /** Whether a request that names no version is of this form. Called in the order of the list of forms. */
  readonly claims: (method: string, params: unknown) => boolean;
  /** What a method means; undefined when this version has no such method. */
  readonly operationOf: (method: string) => Operation | undefined;
  /** Throws `DecodeError`. */
  readonly decode: (operation: Operation, params: unknown, limits: DecodeLimits) => OperationRequest;
  /** The `error` member of an answer. */
  readonly errorBody: (error: WireError) => JsonRpcErrorBody;
}

/** One version of A2A over plain HTTP and JSON. */
export interface RestForm extends WireVersion {
  /** Whether a request to this path below the agent's address is of this form. Called in the order of the list of forms. */
  readonly claims: (verb: string, path: string) => boolean;
  readonly match: (verb: string, path: string) => RestMatch;
  /** Throws `DecodeError`. */
  readonly decode: (operation: Operation, parts: RestRequestParts, limits: DecodeLimits) => OperationRequest;
  /** The body of an answer that refuses. */
  readonly errorBody: (error: WireError) => object;
  /** The media type of answers to a request with these header fields. */
  readonly contentType: (headers: IncomingHttpHeaders) => string;
}
