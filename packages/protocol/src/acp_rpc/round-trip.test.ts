/**
 * Guarantee: a task that ACP-RPC encodes decodes to the same model, less what this wire has no words for, which is written down
 * here; and no value makes a decoder do anything but refuse.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as arbitraries from '../../test/arbitraries.ts';
import { assertDecodesOrRefuses, damaged, plain } from '../../test/wire-damage.ts';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import type { Artifact, Message, Part, Task } from '../model/index.ts';
import * as codec from './index.ts';

const createdAt = '2026-11-21T09:00:00.000Z';
const messageIdOf = (taskId: string, index: number): string => `${taskId}#${index}`;
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Empty metadata is none. */
const saidPart = ({ metadata, ...part }: Part): unknown =>
  metadata === undefined || Object.keys(metadata).length === 0 ? part : { ...part, metadata };

/** A message has a role and parts, and the id of its place. */
const saidMessage = ({ role, parts }: Message, messageId: string): unknown => ({
  messageId,
  role,
  parts: parts.map(saidPart),
});

/** An artifact loses its extensions; a name that repeats its id is none. */
const saidArtifact = ({ artifactId, name, description, parts, metadata }: Artifact): unknown => ({
  artifactId,
  ...(name === undefined || name === artifactId ? {} : { name }),
  ...(description === undefined ? {} : { description }),
  parts: parts.map(saidPart),
  ...(metadata === undefined || Object.keys(metadata).length === 0 ? {} : { metadata }),
});

const saysWhy = new Set([
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_AUTH_REQUIRED',
  'TASK_STATE_FAILED',
  'TASK_STATE_REJECTED',
]);

/** The message of a status joins the history; the last message of the agent says why a task waits or failed. */
const saidTask = ({ id, contextId, status, artifacts, history = [], metadata }: Task): unknown => {
  const { state, message, timestamp = createdAt } = status;
  const isKept = message === undefined || history.some(({ messageId }) => messageId === message.messageId);
  const all = isKept ? history : [...history, message];
  const messages = all.map((each, index) => saidMessage(each, messageIdOf(id, index)));
  const isWhy = saysWhy.has(state) && all.at(-1)?.role === 'ROLE_AGENT';
  return {
    id,
    ...(contextId === undefined ? {} : { contextId }),
    status: { state, ...(isWhy ? { message: messages.at(-1) } : {}), timestamp },
    ...(artifacts === undefined ? {} : { artifacts: artifacts.map(saidArtifact) }),
    ...(messages.length === 0 ? {} : { history: messages }),
    metadata: { ...metadata, 'acp.createdAt': createdAt },
  };
};

describe('a round trip over ACP-RPC', () => {
  it('keeps a task, less what is written down', () => {
    fc.assert(
      fc.property(arbitraries.task, (task) => {
        const decoded = codec.decodeTask(throughJson(codec.wireTask(task, { createdAt })), limits, messageIdOf);
        assert.deepEqual(plain(decoded), plain(saidTask(task)));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(arbitraries.task, (task) => {
        const once = codec.decodeTask(throughJson(codec.wireTask(task, { createdAt })), limits, messageIdOf);
        const twice = codec.decodeTask(throughJson(codec.wireTask(once, { createdAt })), limits, messageIdOf);
        assert.deepEqual(twice, once);
      }),
    );
  });
});

describe('a decoder of ACP-RPC', () => {
  const decoders: Readonly<Record<string, (value: unknown) => unknown>> = {
    task: (value) => codec.decodeTask(value, limits, messageIdOf),
    message: (value) => codec.decodeMessage(value, limits, { messageId: 'm', systemRole: 'ROLE_USER' }),
    artifact: (value) => codec.decodeArtifact(value, limits),
  };
  for (const [name, decode] of Object.entries(decoders)) {
    it(`decodes or refuses any JSON as a ${name}`, () => {
      fc.assert(fc.property(fc.jsonValue(), (value) => assertDecodesOrRefuses(decode, value)));
    });
  }

  it('decodes or refuses a task with something else in place of a member', () => {
    fc.assert(
      fc.property(arbitraries.task, fc.jsonValue(), fc.nat(), (task, garbage, choice) => {
        const wire = damaged(throughJson(codec.wireTask(task, { createdAt })), garbage, choice);
        assertDecodesOrRefuses((value) => codec.decodeTask(value, limits, messageIdOf), wire);
      }),
    );
  });
});
