import type { Message, SendMessageRequest, SendMessageResponse, StreamResponse, Task } from '@colloquy/protocol';
import type { TaskId } from '../../../kernel/ids.ts';
import type { DelegationChain } from '../../tasks/index.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';

/** One call to an agent instance: the place, the principal, and the signal that ends it. */
export interface UpstreamCall {
  readonly route: Route;
  readonly instance: AgentInstance;
  readonly taskId: TaskId;
  /** The principal that the call is made for. The platform signs it, with the tenant and the task, into a short-lived token. */
  readonly subject: string;
  readonly requestId: string;
  /** The delegation chain, which the token contains; absent for a task that is not delegated and has no budget. */
  readonly chain?: DelegationChain;
  readonly signal: AbortSignal;
}

/** One message to the agent. Ids in it are the agent's own. */
export type UpstreamMessage = Pick<SendMessageRequest, 'message' | 'configuration' | 'metadata'> & {
  readonly message: Message;
  /** URIs of the extensions in use. */
  readonly extensions?: readonly string[];
};

/**
 * Calls agents. Every method rejects with a PlatformError: `upstream.unreachable` when nothing can have reached the agent,
 * `upstream.refused` when it answered with an error, `upstream.invalid-answer`, `upstream.too-large`, `upstream.timeout`, and
 * `upstream.outcome-unknown` when the connection broke after the request left. An abort rejects with `request.canceled`.
 * A stream that ends rejects nothing; whether the task has ended is the caller's to judge.
 */
export interface Upstream {
  send(call: UpstreamCall, message: UpstreamMessage): Promise<SendMessageResponse>;
  stream(call: UpstreamCall, message: UpstreamMessage): AsyncIterable<StreamResponse>;
  getTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task>;
  cancelTask(call: UpstreamCall, upstreamTaskId: string): Promise<Task>;
  subscribe(call: UpstreamCall, upstreamTaskId: string): AsyncIterable<StreamResponse>;
}
