import type { SendMessageRequest, Task } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import type { AgentId, TaskId } from '../../../kernel/ids.ts';
import type { Route, RouterChoice } from '../../routing/index.ts';
import type { TaskDelegation, TaskViewer } from '../../tasks/index.ts';
import type { AgentAddress } from '../ports.ts';
import type { TaskRun } from '../run/task-run.ts';

/** The forward token that an agent passes on, and the task that it is sent for; absent when the token names one task only. */
export interface PresentedDelegation {
  readonly token: string;
  readonly taskId?: string;
}

export interface SendOptions {
  /** From the Idempotency-Key header; 1 to `limits.callerIdCharsMax` characters. */
  readonly idempotencyKey?: string;
  /** The A2A version that the caller speaks, which its notifications use; `1.0` when absent. */
  readonly protocolVersion?: string;
  /** URIs of the extensions that the caller requests. */
  readonly extensions?: readonly string[];
  /** The message's `taskId` is a name that the caller chose for a task, new or known. */
  readonly namesTask?: true;
  /** The sending agent does so on behalf of a task of its own. */
  readonly delegation?: PresentedDelegation;
  /** The most that the task and everything sent for it may cost, in microcredits. */
  readonly budgetMicrocredits?: bigint;
  /** 0 to 9, 9 being the most urgent; 5 when absent. */
  readonly priority?: number;
  /** Milliseconds since 1970. Work that is not done by then is abandoned. */
  readonly deadlineAtMs?: number;
  /** A failure that leaves no effect does not end the task: it is requeued and attempted again. */
  readonly isRetried?: true;
}

/** The position of a send in its delegation chain, before its task has an id. */
export interface SendDelegation {
  readonly parent: Pick<TaskDelegation, 'chain' | 'budgetTaskIds'> | null;
  readonly budgetMicrocredits: bigint | null;
}

/** A dead-lettered task whose message is sent again for its sender, and the caller who replays it. */
export interface ReplayedTask {
  readonly taskId: TaskId;
  /** The agent it was sent to; a later agent with the same name does not receive the replay. */
  readonly agentId: AgentId;
  readonly by: Caller;
}

/** The idempotency key of a send, and a digest of its content. Both are 32 hex digits. */
export interface SendIdentity {
  readonly keyHash: string;
  readonly fingerprint: string;
}

/** A decoded message on its way in: the caller, the address, and the request. */
export interface IncomingSend {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly request: SendMessageRequest;
  readonly options: SendOptions;
  /** Absent for a send that is on behalf of no other task and has no budget. */
  readonly delegation?: SendDelegation;
  /** How the router found the agent; absent when the caller named it. */
  readonly routed?: RouterChoice;
  /** Its caller has seen a part of its stream, so it is on record already unless its key has expired. */
  readonly isResumed?: true;
  /** Present when the send replays a dead-lettered task. */
  readonly replay?: ReplayedTask;
  /** Present when the identity does not follow from the address and the request. */
  readonly identity?: SendIdentity;
}

/** The send with its idempotency key. */
export interface IdentifiedSend extends IncomingSend {
  readonly identity: SendIdentity;
}

/** The send with the route of its agent. */
export interface RoutedSend extends IdentifiedSend {
  readonly route: Route;
}

/** A send that is on record. */
export interface AcceptedSend {
  readonly viewer: TaskViewer;
  readonly taskId: TaskId;
  /** This process's work on the task; null when another node works on it, when it waits in a queue, or when it rests. */
  readonly run: TaskRun | null;
  /** The task as the send left it, where its stream begins; null for a repeated send, which streams its log from the start. */
  readonly begun: { readonly task: Task; readonly seq: number } | null;
}

/** The owner and address of the task that a send begins or continues. */
export function viewerOfSend({ caller, address }: IncomingSend): TaskViewer {
  return { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName: address.agentName };
}
