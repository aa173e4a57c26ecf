/** Guarantee: a run of kills passes only when every promise held: each way to break one is planted here and must be found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventRow, Evidence, LedgerRow, OperationRecord } from './evidence.ts';
import { suites } from '../suites.ts';
import { judge } from './invariants.ts';
import { streamsAlive } from './live-streams.ts';
import { resumedInTime } from './resumes.ts';
import { slotsFree, slotsHeld, tasksAtLeast } from './slots.ts';
import { staleWrites, takenWithin } from './takeovers.ts';
import { soundEvidence } from './sound-evidence.ts';
import type { Draft } from './sound-evidence.ts';

type Plant = (evidence: Draft<Evidence>) => void;

/** The promises of the largest suite, for the few streams of the evidence. */
const promised = [
  ...suites.mixed.full.invariants,
  resumedInTime(2000),
  streamsAlive(2),
  slotsHeld('slotted', 2),
  slotsFree,
  tasksAtLeast(4),
  staleWrites,
  takenWithin(4_000),
];

const failing = (evidence: Evidence): string[] =>
  judge(evidence, promised).flatMap(({ invariant, violations }) => (violations.length > 0 ? [invariant.name] : []));

function the<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  assert.ok(item !== undefined);
  return item;
}

const eventsOf = (evidence: Draft<Evidence>, taskId: string): Draft<EventRow>[] =>
  evidence.events.filter((event) => event.taskId === taskId);
const legsOf = (evidence: Draft<Evidence>, index: number): Draft<OperationRecord>['legs'] =>
  the(evidence.operations, index).legs;

const half = (evidence: Evidence, kind: string): LedgerRow => ({
  ...the(evidence.ledger, 0),
  reservationId: 'x1',
  kind,
  amount: 7n,
});

/** By the invariant that must find it; others may find it too. */
const plants: Record<string, Record<string, Plant>> = {
  acknowledged: {
    'a lost task': (e) => void e.tasks.shift(),
    'an answer about another client’s task': (e) => void (the(e.operations, 0).acknowledged = ['tsk_2']),
    'an answer that became untrue': (e) => void (the(e.operations, 0).outcome = { kind: 'ok', state: 'failed' }),
  },
  answered: {
    'a client that still waits': (e) => void (the(e.operations, 0).outcome = null),
    'a client that was refused': (e) => void (the(e.operations, 0).outcome = { kind: 'fail', reason: '-32603' }),
  },
  'recorded once': {
    'a second task for a message': (e) => {
      for (const event of eventsOf(e, 'tsk_1')) e.events.push({ ...event, taskId: 'tsk_9' });
    },
    'answers that name two tasks': (e) => void the(e.operations, 0).acknowledged.push('tsk_2'),
  },
  'log gapless': {
    'a lost event': (e) => void e.events.splice(1, 1),
    'a repeated event': (e) => void e.events.push({ ...the(e.events, 0) }),
    'a row behind its log': (e) => void (the(e.tasks, 0).lastSeq = 4),
    'a task without a log': (e) => void (e.events = e.events.filter(({ taskId }) => taskId !== 'tsk_1')),
  },
  'ended once': {
    'a task that never ended': (e) => {
      e.events = e.events.filter(({ taskId, seq }) => taskId !== 'tsk_1' || seq !== 5);
    },
    'a task that ended twice': (e) => void e.events.push({ ...the(eventsOf(e, 'tsk_1'), 4), seq: 6 }),
    'an event after the end': (e) => void e.events.push({ ...the(eventsOf(e, 'tsk_1'), 3), seq: 6 }),
    'a row that disagrees with its log': (e) => void (the(e.tasks, 0).state = 'failed'),
    'a lease on an ended task': (e) => void (the(e.tasks, 0).nodeId = 'nod_1'),
  },
  outcome: {
    'an idempotent task that failed': (e) =>
      Object.assign(the(e.tasks, 0), { state: 'failed', errorCode: 'upstream.outcome-unknown' }),
    'a task dead-lettered by its sixth worker': (e) =>
      Object.assign(the(e.tasks, 0), { state: 'failed', errorCode: 'task.given-up', attempt: 6 }),
    'a task that failed for another reason': (e) => void (the(e.tasks, 2).errorCode = 'upstream.refused'),
    'a task of no agent': (e) => void (the(e.tasks, 0).agentId = 'unknown'),
  },
  result: {
    'a lost piece': (e) => void (the(eventsOf(e, 'tsk_2'), 3).payload = the(eventsOf(e, 'tsk_2'), 1).payload),
    'a repeated piece': (e) => {
      e.events.push({ ...the(eventsOf(e, 'tsk_2'), 3), seq: 5 }, { ...the(eventsOf(e, 'tsk_2'), 4), seq: 6 });
      e.events = e.events.filter((event) => event.taskId !== 'tsk_2' || event.seq !== 5 || event.kind === 'artifact');
    },
  },
  effects: {
    'work done twice': (e) => void e.effects.push({ agent: 'once', messageId: 'm3' }),
    'work done without a record': (e) => void e.effects.push({ agent: 'echo', messageId: 'm9' }),
    'a result out of nowhere': (e) => void e.effects.shift(),
  },
  wallet: {
    'a unit lost': (e) => void (the(e.wallets, 0).available -= 1n),
    'a unit made': (e) => void (the(e.wallets, 0).granted += 1n),
    'a unit moved without an entry': (e) => {
      the(e.wallets, 0).available -= 1n;
      the(e.wallets, 0).used += 1n;
    },
    'a hold left behind': (e) => {
      const { tenantId } = the(e.wallets, 0);
      e.ledger.push({ tenantId, reservationId: 'tsk_1', kind: 'reserve', amount: 5n });
      the(e.wallets, 0).available -= 5n;
      the(e.wallets, 0).reserved += 5n;
    },
    'entries of no wallet': (e) => void (e.wallets = []),
    'an entry of no kind': (e) => void e.ledger.push({ ...the(e.ledger, 0), reservationId: 'g2', kind: 'gift' }),
    'credits that expired without an entry': (e) => {
      the(e.wallets, 0).available -= 1n;
      the(e.wallets, 0).expired += 1n;
    },
    'a debt without an entry': (e) => {
      the(e.wallets, 0).overage += 1n;
      the(e.wallets, 0).used += 1n;
    },
    'an account below zero': (e) => {
      the(e.wallets, 0).granted -= 2_000_000n;
      the(e.wallets, 0).available -= 2_000_000n;
      const { tenantId } = the(e.wallets, 0);
      e.ledger.push({ tenantId, reservationId: 'x1', kind: 'transfer-out', amount: 2_000_000n });
    },
  },
  transfer: {
    'credits that left and arrived nowhere': (e) => void e.ledger.push(half(e, 'transfer-out')),
    'credits that came from nowhere': (e) => void e.ledger.push(half(e, 'transfer-in')),
    'less than what left': (e) =>
      void e.ledger.push(half(e, 'transfer-out'), { ...half(e, 'transfer-in'), tenantId: '0000000b', amount: 6n }),
    'a transfer to oneself': (e) => void e.ledger.push(half(e, 'transfer-out'), half(e, 'transfer-in')),
  },
  reservation: {
    'a task that was not paid': (e) => {
      e.ledger = e.ledger.filter(({ reservationId, kind }) => reservationId !== 'tsk_1' || kind !== 'settle');
    },
    'a refund of paid work': (e) => void e.ledger.push({ ...the(e.ledger, 2), kind: 'release' }),
    'failed work that was paid': (e) => {
      const release = e.ledger.find(({ kind }) => kind === 'release');
      assert.ok(release !== undefined);
      release.kind = 'settle';
    },
    'another amount than the price': (e) => void (the(e.ledger, 2).amount += 1n),
    'an entry under another tenant': (e) => void (the(e.ledger, 2).tenantId = '0000000b'),
    'a hold for no task': (e) => void e.ledger.push({ ...the(e.ledger, 1), reservationId: 'tsk_9' }),
  },
  audit: {
    'an end without an entry': (e) => void e.audit.shift(),
    'an end with two entries': (e) => void e.audit.push({ ...the(e.audit, 0) }),
    'an entry that names another end': (e) => void (the(e.audit, 0).action = 'task.failed'),
    'an entry under another tenant': (e) => void (the(e.audit, 0).tenantId = '0000000b'),
    'an entry about nothing': (e) => void e.audit.push({ ...the(e.audit, 0), resource: 'tsk_9' }),
  },
  streams: {
    'a gap within a leg': (e) => void the(legsOf(e, 1), 1).events.shift(),
    'a gap across a resume': (e) => {
      the(legsOf(e, 1), 1).after = 3;
      the(legsOf(e, 1), 1).events.shift();
    },
    'a repeat across a resume': (e) => void the(legsOf(e, 1), 1).events.unshift(the(the(legsOf(e, 1), 0).events, 1)),
    'a repeat within a leg': (e) => void the(legsOf(e, 1), 1).events.splice(1, 0, the(the(legsOf(e, 1), 1).events, 0)),
    'a stream that stopped early': (e) => void the(legsOf(e, 1), 1).events.pop(),
    'an event that is not the one of the log': (e) => {
      the(the(legsOf(e, 1), 0).events, 1).json = the(the(legsOf(e, 1), 0).events, 0).json;
    },
    'an event beyond the log': (e) => void the(legsOf(e, 1), 1).events.push({ seq: 6, json: '{}', atMs: 6000 }),
    'a snapshot that is not the task': (e) => {
      const snapshot = the(the(legsOf(e, 3), 0).events, 0);
      snapshot.json = snapshot.json.replace('TASK_STATE_WORKING', 'TASK_STATE_SUBMITTED');
    },
    'a gap after a snapshot': (e) => void the(legsOf(e, 3), 0).events.splice(1, 1),
    'a stream of a task that is not there': (e) => void (the(e.operations, 1).acknowledged = []),
  },
  'resumed in time': {
    'a stream that was open again too late': (e) => void (the(legsOf(e, 1), 1).openedAtMs = 4501),
    'a stream that was never open again': (e) => {
      legsOf(e, 1).pop();
      the(e.operations, 1).outcome = null;
    },
    'an open stream that kept back what had been written': (e) => {
      for (const event of the(legsOf(e, 1), 1).events) event.atMs = 4600;
    },
    'a connection that was cut before it had shown what had been written': (e) => {
      const [, resume] = legsOf(e, 1);
      assert.ok(resume !== undefined);
      legsOf(e, 1).splice(1, 0, { ...resume, events: [], endedAtMs: 2900 });
      resume.openedAtMs = 4600;
    },
  },
  'streams alive': {
    'kills of few streams': (e) => void (e.kills = [{ ...the(e.kills, 0), atMs: 1000 }]),
    'streams that were not open': (e) => {
      for (const leg of legsOf(e, 1)) leg.openedAtMs = null;
    },
  },
  'slots held': {
    'one too many at work': (e) => {
      const note = the(e.work, 5);
      e.work.splice(6, 0, { ...note, messageId: 'third' });
      e.work.splice(7, 0, { ...note, messageId: 'third', type: 'ended' });
    },
    'one too many at work that only the agent saw': (e) => void (the(e.work, 1).atWork = 3),
    'a slot that was never used': (e) => void (e.work = e.work.filter(({ messageId }) => messageId !== 'other-1000')),
    'a slot that was not used after the first kill': (e) => void e.work.splice(4),
    'work that never ended': (e) => void e.work.splice(3, 1),
  },
  'slots free': {
    'a slot that was not given back': (e) => void (the(e.slots, 0).inUse = 1),
    'a task that still waits for one': (e) => void (the(e.slots, 0).queued = 1),
  },
  tasks: {
    'a smaller run': (e) => void e.tasks.pop(),
  },
  'stale writes': {
    'an event after the end, by the stopped process': (e) => void (the(e.frozen, 0).atThaw.lastSeq = 4),
    'another end than the one that others wrote': (e) => void (the(e.frozen, 0).atThaw.state = 'failed'),
    'a task that was left with the stopped process': (e) => void (the(e.frozen, 0).atThaw.attempt = 1),
    'a task that is gone': (e) => void (the(e.frozen, 0).taskId = 'tsk_9'),
  },
  'taken over': {
    'a task that waited too long': (e) => void (the(e.kills, 0).takenAfterMs = 4_001),
  },
  'kills in flight': {
    'kills of idle processes': (e) => void (the(e.kills, 0).tasksInFlight = 0),
    'no kills at all': (e) => void (e.kills = []),
  },
};

describe('a run in which every promise was kept', () => {
  it('passes every invariant, and none of them for want of something to check', () => {
    assert.deepEqual(failing(soundEvidence()), []);
  });
});

describe('the invariant "wallet"', () => {
  it('accepts entries of every kind that the wallet equals', () => {
    const evidence = soundEvidence();
    const own = the(evidence.wallets, 0);
    const { tenantId } = own;
    const add = (kind: string, reservationId: string, amount: bigint): void =>
      void evidence.ledger.push({ tenantId, reservationId, kind, amount });
    add('charge', 'tsk_1', 5n);
    add('overage', 'tsk_1', 3n);
    add('reserve', 'tsk_9', 4n);
    add('expire', 'tsk_9', 4n);
    add('grant', 'grant-2', 9n);
    add('repay', 'grant-2', 3n);
    add('lapse', 'grant-2', 6n);
    add('transfer-out', 'x1', 7n);
    Object.assign(own, {
      granted: own.granted + 9n - 7n,
      available: own.available - 5n + 9n - 3n - 6n - 7n,
      used: own.used + 8n,
      expired: 6n,
    });
    evidence.wallets.push({
      tenantId: '0000000b',
      granted: 7n,
      available: 7n,
      reserved: 0n,
      used: 0n,
      expired: 0n,
      overage: 0n,
    });
    evidence.ledger.push({ tenantId: '0000000b', reservationId: 'x1', kind: 'transfer-in', amount: 7n });
    const found = failing(evidence);
    assert.ok(!found.includes('wallet') && !found.includes('transfer'), found.join());
  });
});

describe('the invariant "outcome"', () => {
  it('accepts that six workers died of a task and it was dead-lettered', () => {
    const evidence = soundEvidence();
    Object.assign(the(evidence.tasks, 0), { state: 'failed', errorCode: 'task.given-up', attempt: 7 });
    assert.ok(!failing(evidence).includes('outcome'));
  });
});

describe('every invariant', () => {
  it('has plants', () => assert.deepEqual(promised.map(({ name }) => name).toSorted(), Object.keys(plants).toSorted()));

  it('fails when there is nothing to check', () => {
    const nothing: Evidence = {
      agents: [],
      tasks: [],
      events: [],
      wallets: [],
      ledger: [],
      audit: [],
      effects: [],
      operations: [],
      kills: [],
      work: [],
      slots: [],
      frozen: [],
    };
    assert.equal(failing(nothing).length, promised.length);
  });
});

for (const [invariant, cases] of Object.entries(plants)) {
  describe(`the invariant "${invariant}"`, () => {
    for (const [name, plant] of Object.entries(cases)) {
      it(`finds ${name}`, () => {
        const evidence = soundEvidence();
        plant(evidence);
        assert.ok(failing(evidence).includes(invariant), `found by ${failing(evidence).join() || 'none'}`);
      });
    }
  });
}
