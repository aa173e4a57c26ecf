import type { SendMessageRequest, Task } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import type { AgentId, TaskId } from '../../../kernel/ids.ts';
import type { Route, RouterChoice } from '../../routing/index.ts';
import type { TaskDelegation, TaskViewer } from '../../tasks/index.ts';
import type { AgentAddress } from '../ports.ts';
import type { SendIdentity } from './send-fingerprint.ts';
import type { TaskRun } from '../run/task-run.ts';

/** The forward token that an agent passes on, and which of its tasks it is for; absent when it names one task only. */
export interface PresentedDelegation {
  readonly token: string;
  readonly taskId?: string;
}

export interface SendOptions {
  /** From the Idempotency-Key header; 1 to `limits.callerIdCharsMax` characters. */
  readonly idempotencyKey?: string;
  /** The version of A2A that the caller speaks, in whose words it is told what happens: `1.0` unless said otherwise. */
  readonly protocolVersion?: string;
  /** URIs of the extensions that the caller asks for. */
  readonly extensions?: readonly string[];
  /** The message's `taskId` is a name that the caller chose for a task, new or not. */
  readonly namesTask?: true;
  /** The agent that sends does so for a task of its own. */
  readonly delegation?: PresentedDelegation;
  /** What the task and everything that is sent for it may cost, in microcredits. */
  readonly budgetMicrocredits?: bigint;
  /** 0 to 9, the most urgent; 5 unless said otherwise. */
  readonly priority?: number;
  /** What is not done by then, in milliseconds since 1970, is not done any more. */
  readonly deadlineAtMs?: number;
  /** A failure that leaves no effect is no end: the task is tried again later. */
  readonly isRetried?: true;
}

/** A send's place in a chain before its task has an id. */
export interface SendDelegation {
  readonly parent: Pick<TaskDelegation, 'chain' | 'budgetTaskIds'> | null;
  readonly budgetMicrocredits: bigint | null;
}

/** A dead letter that is sent again for its sender, and who has it sent. */
export interface ReplayedTask {
  readonly taskId: TaskId;
  /** Whom it was sent to; another one of the same name does not get it. */
  readonly agentId: AgentId;
  readonly by: Caller;
}

/** A message on its way in: who sends what to which agent. */
export interface IncomingSend {
  readonly caller: Caller;
  readonly address: AgentAddress;
  readonly request: SendMessageRequest;
  readonly options: SendOptions;
  /** Absent for a send that is for no other task and has no budget. */
  readonly delegation?: SendDelegation;
  /** How the router came to the agent; absent when the caller named it. */
  readonly routed?: RouterChoice;
  /** Its caller has seen a part of its stream, so it is on record already unless its key is forgotten. */
  readonly isResumed?: true;
  /** It says a dead letter again. */
  readonly replay?: ReplayedTask;
  /** What it is told by from other sends, where that does not follow from its address. */
  readonly identity?: SendIdentity;
}

/** The send once it can be told from every other send. */
export interface IdentifiedSend extends IncomingSend {
  readonly identity: SendIdentity;
}

/** The send once its agent is known. */
export interface RoutedSend extends IdentifiedSend {
  readonly route: Route;
}

/** A send that is on record. `run` is null when somebody else works on it, or nobody needs to any more. */
export interface AcceptedSend {
  readonly viewer: TaskViewer;
  readonly taskId: TaskId;
  readonly run: TaskRun | null;
  /** The task as the send left it, from where its stream is told; null for a repeated send, whose log is told from its beginning. */
  readonly begun: { readonly task: Task; readonly seq: number } | null;
}

/** Whose tasks a send is about. */
export function viewerOfSend({ caller, address }: IncomingSend): TaskViewer {
  return { tenantId: caller.tenant.id, ownerId: caller.principal.id, agentName: address.agentName };
}
