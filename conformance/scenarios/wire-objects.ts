import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Binding, Reply, StreamEvent } from '../bindings/binding.ts';

/** A task as it crosses the wire, with what the scenarios read. */
export interface WireTask {
  readonly id: string;
  readonly contextId: string;
  readonly status: { readonly state: string; readonly timestamp: string; readonly message?: WireMessage };
  readonly artifacts?: readonly WireArtifact[];
  readonly history?: readonly WireMessage[];
}

export interface WireMessage {
  readonly messageId: string;
  readonly role: string;
  readonly parts: readonly WirePart[];
}

export interface WireArtifact {
  readonly artifactId: string;
  readonly parts: readonly WirePart[];
  readonly metadata?: object;
  readonly extensions?: readonly string[];
}

export interface WirePart {
  readonly text?: string;
  readonly data?: unknown;
}

/** A request whose message begins with `script`, so the harness agent plays it. */
export const say = (script: string, message: object = {}, request: object = {}) => ({
  message: {
    messageId: `${script}-${randomUUID()}`,
    role: 'ROLE_USER',
    parts: [{ text: `Play ${script}, please.` }],
    ...message,
  },
  ...request,
});

export const atOnce = { configuration: { returnImmediately: true } };

/** The result of a success. */
export function resultOf<Result>(reply: Reply): Result {
  assert.equal(reply.failure, undefined, `refused: ${JSON.stringify(reply.failure)}`);
  // Its fields are checked where they are used.
  return reply.result as Result;
}

/** The bare task of an answer. */
export function bareTaskOf(reply: Reply): WireTask {
  return checked(resultOf<WireTask>(reply));
}

/** The task that a send was answered with. */
export function taskOf(reply: Reply): WireTask {
  const { task } = resultOf<{ readonly task?: WireTask }>(reply);
  assert.ok(task, `no task: ${JSON.stringify(reply.result)}`);
  return checked(task);
}

/** The task that a stream began with. */
export function taskOfEvent(event: StreamEvent | undefined): WireTask {
  assert.ok(event?.task, `no task: ${JSON.stringify(event)}`);
  return checked(event.task as WireTask);
}

/** The required fields are there. */
function checked(task: WireTask): WireTask {
  assert.match(task.id, /./);
  assert.match(task.contextId, /./);
  assert.match(task.status.state, /^TASK_STATE_[A-Z_]+$/);
  for (const { artifactId, parts } of task.artifacts ?? []) {
    assert.match(artifactId, /./);
    assert.ok(parts.length > 0);
  }
  for (const { messageId, role, parts } of task.history ?? []) {
    assert.match(messageId, /./);
    assert.match(role, /^ROLE_(USER|AGENT)$/);
    assert.ok(parts.length > 0);
  }
  return task;
}

/** A status update that an event may be. */
export const statusOf = (event: StreamEvent): WireTask['status'] | undefined =>
  (event.statusUpdate as { readonly status: WireTask['status'] } | undefined)?.status;

export const stateOf = (event: StreamEvent): string | undefined => statusOf(event)?.state;

export const artifactOf = (event: StreamEvent): WireArtifact | undefined =>
  (event.artifactUpdate as { readonly artifact: WireArtifact } | undefined)?.artifact;

const terminal = new Set(['TASK_STATE_COMPLETED', 'TASK_STATE_FAILED', 'TASK_STATE_CANCELED', 'TASK_STATE_REJECTED']);
export const isTerminal = (state: string | undefined): boolean => state !== undefined && terminal.has(state);

/** A task that the agent works on until it is let go, and the id of its message. */
export async function startHeld(binding: Binding, script = 'hold'): Promise<{ task: WireTask; messageId: string }> {
  const request = say(script, {}, atOnce);
  const task = taskOf(await binding.call('SendMessage', request));
  return { task, messageId: request.message.messageId };
}

/** A task that has completed. */
export const completed = async (binding: Binding, message: object = {}): Promise<WireTask> =>
  taskOf(await binding.call('SendMessage', say('echo', message)));

export const getTask = async (binding: Binding, id: string): Promise<WireTask> =>
  bareTaskOf(await binding.call('GetTask', { id }));
