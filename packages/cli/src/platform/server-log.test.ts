/** Guarantee: a warning that `colloquy up` prints says what it is about, and a line that is not one of the log is not shown. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logText, readLogLine } from './server-log.ts';

const textOf = (record: unknown): string | undefined => {
  const line = readLogLine(JSON.stringify(record));
  return line === undefined ? undefined : logText(line);
};

describe('the log that "colloquy up" prints', () => {
  it('says which agent failed, and at which task', () => {
    const warning = {
      level: 'warn',
      msg: 'agent failed',
      agent: 'acme/billing',
      taskId: 'tsk_1',
      code: 'upstream.unreachable',
      causes: ['connect ECONNREFUSED 127.0.0.1:9000'],
    };
    assert.equal(
      textOf(warning),
      'warn: agent failed (agent acme/billing, task tsk_1, upstream.unreachable)\n  connect ECONNREFUSED 127.0.0.1:9000',
    );
  });

  it('has nothing in brackets for an event that is about no agent', () => {
    assert.equal(textOf({ level: 'info', msg: 'ready' }), 'info: ready');
    assert.equal(readLogLine('Debugger attached.'), undefined);
    assert.equal(textOf(7), undefined);
  });
});
