import type { BindingName } from '../requirement.ts';

/** The operations of A2A 1.0, by the names that JSON-RPC and gRPC share. */
export type OperationName =
  | 'SendMessage'
  | 'SendStreamingMessage'
  | 'GetTask'
  | 'ListTasks'
  | 'CancelTask'
  | 'SubscribeToTask'
  | 'CreateTaskPushNotificationConfig'
  | 'GetTaskPushNotificationConfig'
  | 'ListTaskPushNotificationConfigs'
  | 'DeleteTaskPushNotificationConfig'
  | 'GetExtendedAgentCard';

/** An error as it crossed the wire, in one form for all bindings. */
export interface WireFailure {
  /** JSON-RPC code, HTTP status or name of a gRPC status. */
  readonly code: number | string;
  readonly message: string;
  /** Each with its `@type`. */
  readonly details: readonly Readonly<Record<string, unknown>>[];
}

/** One answer. Exactly one of `result` and `failure` is there. */
export interface Reply {
  /** In the JSON form of the schema. */
  readonly result?: unknown;
  readonly failure?: WireFailure;
  /** HTTP status; 0 over gRPC. */
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}

/** A stream of StreamResponse objects in their JSON form. */
export interface WireStream {
  /** Set when a plain error came in place of a stream. */
  readonly refusal?: Reply;
  readonly contentType: string | undefined;
  /** The next event; undefined after the last. Rejects when nothing comes for `withinMs`. */
  next(withinMs?: number): Promise<StreamEvent | undefined>;
  /** Everything up to the end. */
  rest(): Promise<StreamEvent[]>;
  close(): void;
}

/** A StreamResponse: one of its members. */
export interface StreamEvent {
  readonly task?: unknown;
  readonly message?: unknown;
  readonly statusUpdate?: unknown;
  readonly artifactUpdate?: unknown;
}

export interface CallOptions {
  /** Null sends none; default: the caller's own. */
  readonly token?: string | null;
  /** Null sends none; default `1.0`. */
  readonly version?: string | null;
  /** Service parameters: headers, or metadata over gRPC. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A way to call an agent, pluggable: a scenario runs unchanged over each of them. */
export interface Binding {
  readonly name: BindingName;
  call(operation: OperationName, request: object, options?: CallOptions): Promise<Reply>;
  open(operation: OperationName, request: object, options?: CallOptions): Promise<WireStream>;
}

/** Where a binding finds the agent, and who calls. */
export interface Place {
  /** Address of the interface on the card. */
  readonly url: string;
  readonly token: string;
  /** Routing tag of the interface on the card. */
  readonly tenant?: string;
}
