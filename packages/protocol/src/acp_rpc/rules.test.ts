/** Guarantee: the objects of ACP-RPC are those of its schema, letter by letter, and what the schema does not allow is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { Task } from '../model/index.ts';
import * as codec from './index.ts';

const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const createdAt = '2026-11-21T09:00:00.000Z';
const decodeTask = (value: unknown) => codec.decodeTask(value, limits, (id, index) => `${id}#${index}`);
const decodeMessage = (value: unknown) =>
  codec.decodeMessage(value, limits, { messageId: 'm', systemRole: 'ROLE_USER' });
const decodePart = (part: object) => decodeMessage({ role: 'user', parts: [part] }).parts[0];
const refuses = (decode: () => unknown, field: string): void =>
  assert.throws(decode, (error) => error instanceof DecodeError && error.violations[0]?.field === field);

const file = { type: 'FilePart', mimeType: 'text/csv', filename: 'bom.csv', encoding: 'base64', size: 4 };

describe('a part of ACP-RPC', () => {
  it('is read as text, data, bytes or a reference', () => {
    assert.deepEqual(decodePart({ type: 'TextPart', content: 'Quote 40 pumps' }), { text: 'Quote 40 pumps' });
    assert.deepEqual(decodePart({ type: 'DataPart', content: '5' }), { data: '5' });
    assert.deepEqual(decodePart({ ...file, content: 'YSxiCg==' }), {
      raw: 'YSxiCg==',
      filename: 'bom.csv',
      mediaType: 'text/csv',
      metadata: { 'acp.size': 4 },
    });
    assert.deepEqual(
      decodePart({ type: 'ImagePart', content: null, reference: 'https://x/y', checksum: 'sha256:00', width: 3 }),
      { url: 'https://x/y', metadata: { 'acp.checksum': 'sha256:00', 'acp.width': 3, 'acp.type': 'ImagePart' } },
    );
  });

  it('takes the text of a file as UTF-8', () => {
    assert.deepEqual(decodePart({ type: 'FilePart', encoding: 'utf8', size: 2, content: 'é' }), {
      raw: 'w6k=',
      metadata: { 'acp.size': 2 },
    });
  });

  it('is refused where its content breaks the rules of its type', () => {
    const field = (name: string) => `parts[0].${name}`;
    refuses(() => decodePart({ type: 'Text', content: 'a' }), field('type'));
    refuses(() => decodePart({ type: 'TextPart', content: 5 }), field('content'));
    refuses(() => decodePart({ type: 'TextPart', content: null }), field('content'));
    refuses(() => decodePart({ type: 'DataPart' }), field('content'));
    refuses(() => decodePart({ type: 'FilePart', content: 'YQ==', encoding: 'binary' }), field('encoding'));
    refuses(() => decodePart({ type: 'FilePart', content: '%' }), field('content'));
    refuses(() => decodePart({ ...file, content: 'YQ==' }), field('size'));
    refuses(() => decodeMessage({ role: 'user', parts: [] }), 'parts');
  });

  it('keeps a type that its media type does not tell', () => {
    const wire = { type: 'AudioPart', content: 'YQ==', encoding: 'base64', duration: 2 };
    const message = decodeMessage({ role: 'agent', parts: [wire] });
    assert.deepEqual(parsed(codec.wireMessage(message)), { role: 'agent', parts: [wire] });
  });
});

describe('a message of ACP-RPC', () => {
  it('keeps a system message apart from those of the side that sent it', () => {
    const wire = { role: 'system', parts: [{ type: 'TextPart', content: 'x' }], timestamp: createdAt, agentId: 'a' };
    const message = decodeMessage(wire);
    assert.equal(message.role, 'ROLE_USER');
    assert.deepEqual(parsed(codec.wireMessage(message)), wire);
    refuses(() => decodeMessage({ ...wire, role: 'tool' }), 'role');
  });
});

describe('a task of ACP-RPC', () => {
  const task: Task = {
    id: 't',
    contextId: 'c',
    status: { state: 'TASK_STATE_REJECTED', timestamp: '2026-11-21T09:02:00.000Z' },
    artifacts: [{ artifactId: 'a1', parts: [{ data: { total: 18_250 }, mediaType: 'application/json' }] }],
    metadata: {
      task_type: 'quote',
      'acp.priority': 'HIGH',
      'acp.cancelReason': 'late',
      'acp.assignedAgent': 'quoting',
    },
  };

  it('is written with the words of the schema', () => {
    assert.deepEqual(parsed(codec.wireTask(task, { createdAt })), {
      taskId: 't',
      status: 'FAILED',
      createdAt,
      updatedAt: '2026-11-21T09:02:00.000Z',
      assignedAgent: 'quoting',
      messages: [],
      artifacts: [
        {
          artifactId: 'a1',
          name: 'a1',
          parts: [{ type: 'DataPart', content: { total: 18_250 }, mimeType: 'application/json' }],
        },
      ],
      metadata: {
        task_type: 'quote',
        'acp.cancelReason': 'late',
        contextId: 'c',
        priority: 'HIGH',
        'acp.a2aState': 'TASK_STATE_REJECTED',
      },
    });
  });

  it('is written without the members that its reader did not ask for', () => {
    const wire = parsed(codec.wireTask(task, { createdAt, includeMessages: false, includeArtifacts: false }));
    assert.ok(typeof wire === 'object' && wire !== null && !('messages' in wire) && !('artifacts' in wire));
  });

  it('believes a kept state only where the status agrees with it', () => {
    const metadata = { 'acp.a2aState': 'TASK_STATE_REJECTED' };
    const stateOf = (status: string) => decodeTask({ taskId: 't', status, createdAt, metadata }).status.state;
    assert.equal(stateOf('FAILED'), 'TASK_STATE_REJECTED');
    assert.equal(stateOf('COMPLETED'), 'TASK_STATE_COMPLETED');
  });

  it('is read with null members and under the names that servers in the field use', () => {
    const wire = { taskId: 't', status: 'SUBMITTED', submittedAt: createdAt, assignedProcessor: 'p', priority: 'LOW' };
    assert.deepEqual(decodeTask({ ...wire, messages: null, artifacts: null, metadata: null }), {
      id: 't',
      status: { state: 'TASK_STATE_SUBMITTED', timestamp: createdAt },
      metadata: { 'acp.priority': 'LOW', 'acp.createdAt': createdAt, 'acp.assignedAgent': 'p' },
    });
    refuses(() => decodeTask({ ...wire, status: 'DONE' }), 'status');
    refuses(() => decodeTask({ ...wire, taskId: 5 }), 'taskId');
  });
});
