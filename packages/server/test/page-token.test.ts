/** Guarantee: a page token opens the list it was made for, for the caller it was made for, and nothing else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPageTokenSigner } from '../src/adapters/keys/page-token-signer.ts';
import type { TaskViewer } from '../src/modules/tasks/index.ts';
import { decodePageToken, encodePageToken } from '../src/modules/gateway/view/page-token.ts';

const hex = (digit: string): string => digit.repeat(32);
const viewer: TaskViewer = {
  tenantId: `tnt_${hex('1')}` as const,
  ownerId: 'cli_1',
  agentName: 'echo',
};
const request = {
  contextId: 'c',
  status: 'TASK_STATE_WORKING',
  statusTimestampAfter: '2026-01-01T00:00:00.000Z',
} as const;
const start = {
  after: { statusAtMs: 1_700_000_000_000, taskId: `tsk_${hex('3')}` },
  untilMs: 1_700_000_000_001,
} as const;
const signer = createPageTokenSigner(Buffer.alloc(32, 1));
const token = encodePageToken(signer, viewer, request, start);

describe('a page token', () => {
  it('leads its own list back to where it was, whatever page size is asked for', () => {
    assert.deepEqual(decodePageToken(signer, viewer, { ...request, pageSize: 3, pageToken: token }, token), start);
  });

  const foreign: readonly [string, () => unknown][] = [
    [
      'another tenant',
      () => decodePageToken(signer, { ...viewer, tenantId: `tnt_${hex('9')}` as const }, request, token),
    ],
    ['another principal', () => decodePageToken(signer, { ...viewer, ownerId: 'cli_2' }, request, token)],
    ['another agent', () => decodePageToken(signer, { ...viewer, agentName: 'other' }, request, token)],
    ['another context', () => decodePageToken(signer, viewer, { ...request, contextId: 'd' }, token)],
    ['another state', () => decodePageToken(signer, viewer, { ...request, status: 'TASK_STATE_FAILED' }, token)],
    ['no filter', () => decodePageToken(signer, viewer, {}, token)],
    ['another platform', () => decodePageToken(createPageTokenSigner(Buffer.alloc(32, 2)), viewer, request, token)],
  ];
  for (const [whose, decode] of foreign) {
    it(`is refused for ${whose}`, () => assert.throws(decode, { code: 'task.page-token-invalid' }));
  }

  it('is refused when any of its characters is another, is missing or is one too many', () => {
    const forged = Array.from(
      token,
      (char, at) => token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );
    const cut = Array.from(token, (_, at) => token.slice(0, at));
    const payload = Buffer.from(JSON.stringify(['x', 1, 2, start.after.taskId])).toString('base64url');
    const odd = [
      '',
      '.',
      '..',
      'null',
      `${token}.x`,
      `${payload}.`,
      `${payload}.${payload}`,
      signer.sign('[]'),
      signer.sign('[1,2,3,4]'),
    ];
    // Base64url ignores bits behind the last byte; those spell the same token.
    const isSame = (one: string): boolean => signer.verify(one) === signer.verify(token);
    for (const one of [...forged, ...cut, ...odd].filter((text) => !isSame(text))) {
      assert.throws(() => decodePageToken(signer, viewer, request, one), { code: 'task.page-token-invalid' }, one);
    }
  });
});
