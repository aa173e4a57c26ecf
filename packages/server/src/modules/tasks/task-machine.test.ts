/** Guarantee: every state answers every change, and a task that has ended stays as it ended. Spec: docs/specs/task-lifecycle.md. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isActive, isInterrupted, isTerminal, taskStates } from '@colloquy/protocol';
import { holdsLease, taskMachine } from './task-machine.ts';

describe('the task machine', () => {
  it('lets nothing happen to a task that has ended, and lets a second cancel be none', () => {
    for (const state of taskStates.filter(isTerminal)) {
      const { report, continue: further, resume, cancel, 'take-over': takeOver } = taskMachine[state];
      assert.deepEqual([report, further, resume, takeOver], ['ignored', 'refused', 'ignored', 'ignored'], state);
      assert.equal(cancel, state === 'TASK_STATE_CANCELED' ? 'ignored' : 'refused', state);
    }
  });

  it('lets an agent report on active tasks only, and a caller continue waiting ones only; an agent only where access may be given elsewhere', () => {
    for (const state of taskStates) {
      assert.equal(taskMachine[state].resume === 'allowed', state === 'TASK_STATE_AUTH_REQUIRED', state);
      assert.equal(taskMachine[state].report === 'allowed', isActive(state), state);
      assert.equal(taskMachine[state].continue === 'allowed', isInterrupted(state), state);
    }
  });

  it('holds a lease on active tasks only, and cancels what has not ended', () => {
    for (const state of taskStates) {
      assert.equal(holdsLease(state), isActive(state), state);
      assert.equal(taskMachine[state].cancel === 'allowed', isActive(state) || isInterrupted(state), state);
    }
  });
});
