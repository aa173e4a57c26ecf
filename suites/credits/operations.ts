import { draftEnd, draftSend, draftStatus, newKey, ownerId, placeOf } from './drafts.ts';
import type { TaskEnding } from './drafts.ts';
import { entriesOfReserve } from './expected-entries.ts';
import type { Lane, LaneTask, Operation } from './lane.ts';
import { lapse, topUp, topUpTwice, transfer, transferTwice } from './wallet-operations.ts';

const openMax = 6;

/** By name, with how often each is done among all. A kind of entry that a later release writes is one more line here. */
export const operations: Readonly<Record<string, { readonly weight: number; readonly run: Operation }>> = {
  reserve: { weight: 30, run: reserve },
  'reserve twice at once': { weight: 4, run: reserveTwice },
  'repeat a send': { weight: 4, run: repeatSend },
  ask: { weight: 5, run: ask },
  continue: { weight: 5, run: continueWaiting },
  settle: { weight: 10, run: ending(() => ({ how: 'complete' })) },
  'settle below the hold': { weight: 7, run: ending(belowHold) },
  'settle above the hold': { weight: 7, run: ending(aboveHold) },
  release: { weight: 8, run: ending(({ options }) => ({ how: options.random.pick(['fail', 'cancel', 'reject']) })) },
  expire: { weight: 4, run: ending(() => ({ how: 'expire' })) },
  'cancel against complete': { weight: 7, run: race },
  'repeat an end': { weight: 4, run: repeatEnd },
  'end again': { weight: 3, run: endAgain },
  'end under an old lease': { weight: 2, run: endLate },
  'end for another tenant': { weight: 2, run: endForeign },
  'top up': { weight: 3, run: topUp },
  'top up twice at once': { weight: 1, run: topUpTwice },
  transfer: { weight: 2, run: transfer },
  'transfer twice at once': { weight: 1, run: transferTwice },
  'let grants expire': { weight: 1, run: lapse },
};

const wheel = Object.entries(operations).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));

/** Does one operation, and answers how many calls of a store it took. */
export async function performOne(lane: Lane): Promise<number> {
  const name = lane.options.random.pick(wheel);
  try {
    const calls = (await operations[name]?.run(lane)) ?? 0;
    if (calls === 0) return await reserve(lane);
    lane.counts[name] = (lane.counts[name] ?? 0) + 1;
    return calls;
  } catch (error) {
    throw new Error(`failed to ${name}`, { cause: error });
  }
}

/** Some are free, and some cost more than any wallet has. */
function priceOf({ options: { random } }: Lane): bigint {
  const kind = random.between(1, 20);
  if (kind === 1) return 0n;
  return BigInt(kind === 2 ? random.between(100_000, 1_000_000) : random.between(1, 200));
}

/** A send of any tenant. Where it has budgets, the hard one pays for a quarter of the sends. */
function draftOf(lane: Lane): LaneTask['draft'] {
  const { ids, nodeId, random } = lane.options;
  const { tenant } = lane;
  const draft = draftSend(ids, tenant, nodeId, priceOf(lane));
  if (tenant.budgets === undefined) return draft;
  return { ...draft, budgets: random.between(1, 4) === 1 ? tenant.budgets.limited : tenant.budgets.usual };
}

async function reserve(lane: Lane): Promise<number> {
  if (lane.open.length >= openMax) return ending(() => ({ how: 'complete' }))(lane);
  const draft = draftOf(lane);
  const outcome = await lane.record(draft);
  lane.counts[outcome.kind] = (lane.counts[outcome.kind] ?? 0) + 1;
  if (outcome.kind === 'recorded') isRecorded(lane, draft);
  else lane.expect(isTooDear(draft, outcome), 'a refused send', outcome);
  return 1;
}

function isRecorded(lane: Lane, draft: LaneTask['draft']): void {
  lane.expected.push(...entriesOfReserve(draft));
  lane.open.push({ draft, place: placeOf(draft) });
}

type Outcome = Awaited<ReturnType<Lane['record']>>;

function isTooDear({ reserveMicrocredits }: LaneTask['draft'], outcome: Outcome): boolean {
  if (outcome.kind !== 'insufficient' && outcome.kind !== 'budget-exceeded') return false;
  const left = outcome.kind === 'insufficient' ? outcome.availableMicrocredits : outcome.leftMicrocredits;
  return outcome.neededMicrocredits === reserveMicrocredits && left < reserveMicrocredits;
}

/** The same send in two processes at once, each with a task id of its own: at most one is recorded, and the other is told which. */
async function reserveTwice(lane: Lane): Promise<number> {
  const { ids, here, elsewhere } = lane.options;
  const one = draftOf(lane);
  const other = { ...one, taskId: ids.next('tsk') };
  const [first, second] = await Promise.all([lane.record(one, here), lane.record(other, elsewhere)]);
  const isOne = first.kind === 'recorded';
  const isOther = second.kind === 'recorded';
  lane.expect(!(isOne && isOther), 'one send, recorded twice', [first, second]);
  if (isOne) isRecorded(lane, one);
  if (isOther) isRecorded(lane, other);
  // One may have been refused before a top-up and the other taken after it; a known one names the one that was recorded.
  for (const [draft, outcome, winner] of [
    [one, first, other],
    [other, second, one],
  ] as const) {
    const isKnown = outcome.kind === 'known' && outcome.sameRequest && outcome.taskId === winner.taskId;
    const isRight = outcome.kind === 'recorded' || isKnown || isTooDear(draft, outcome);
    lane.expect(isRight, 'the other one of two equal sends', outcome);
  }
  return 2;
}

async function repeatSend(lane: Lane): Promise<number> {
  const known = lane.ended.at(-1) ?? lane.open.at(-1);
  if (known === undefined) return 0;
  const { draft } = known;
  const [again, other] = [draft, { ...draft, taskId: lane.options.ids.next('tsk') }];
  const repeated = await lane.record(again);
  lane.expect(repeated.kind === 'recorded', 'a repeated recording', repeated);
  const sent = await lane.record(other);
  lane.expect(sent.kind === 'known' && sent.taskId === draft.taskId, 'a repeated send', sent);
  return 2;
}

async function ask(lane: Lane): Promise<number> {
  const task = lane.take(({ place }) => place.nodeId !== null);
  if (task === undefined) return 0;
  await lane.changeState(task, 'TASK_STATE_INPUT_REQUIRED');
  lane.open.push({ ...task, place: { ...task.place, nodeId: null, seq: task.place.seq + 1 } });
  return 1;
}

async function continueWaiting(lane: Lane): Promise<number> {
  const task = lane.take(({ place }) => place.nodeId === null);
  if (task === undefined) return 0;
  const { here, nodeId } = lane.options;
  const { tenantId, taskId, attempt, seq } = task.place;
  const { events } = draftStatus(task.place, 'TASK_STATE_WORKING');
  const further = {
    viewer: { tenantId, ownerId, agentName: 'echo' },
    taskId,
    nodeId,
    expectedSeq: seq,
    expectedAttempt: attempt,
    keyHash: newKey(),
    fingerprint: newKey(),
    events,
    state: 'TASK_STATE_WORKING',
    statusAtMs: Date.now(),
  } as const;
  const outcome = await lane.answer(() => here.continueTask(further));
  lane.expect(outcome === 'written', 'a further message', outcome);
  lane.open.push({ ...task, place: { ...task.place, nodeId, attempt: attempt + 1, seq: seq + 1 } });
  return 1;
}

function ending(choose: (lane: Lane, task: LaneTask) => TaskEnding): Operation {
  return async (lane) => {
    const task = lane.take();
    if (task === undefined) return 0;
    await lane.end(task, choose(lane, task));
    return 1;
  };
}

function belowHold({ options: { random } }: Lane, { place }: LaneTask): TaskEnding {
  const priceMicrocredits = BigInt(random.between(0, Number(place.reservedMicrocredits)));
  return { how: 'complete', priceMicrocredits, ...(random.between(0, 1) === 0 ? {} : { isMetered: true }) };
}

function aboveHold({ options: { random } }: Lane, { place }: LaneTask): TaskEnding {
  const priceMicrocredits = place.reservedMicrocredits + BigInt(random.between(1, 300));
  return { how: 'complete', priceMicrocredits, isMetered: true };
}

/** Two ends of one task at once, through stores that share nothing: exactly one of them is written. */
async function race(lane: Lane): Promise<number> {
  const task = lane.take();
  if (task === undefined) return 0;
  const { here, elsewhere, ids, random } = lane.options;
  const complete: TaskEnding = random.pick([{ how: 'complete' }, belowHold(lane, task), aboveHold(lane, task)]);
  const other: TaskEnding = { how: random.pick(['cancel', 'fail', 'expire']) };
  const endings = random.between(0, 1) === 0 ? ([complete, other] as const) : ([other, complete] as const);
  const writes = endings.map((one) => draftEnd(ids, task.place, one));
  const outcomes = await Promise.all(writes.map((write, at) => lane.write(write, at === 0 ? here : elsewhere)));
  const won = outcomes.indexOf('written');
  lane.expect(won >= 0 && won === outcomes.lastIndexOf('written'), 'a race with one winner', outcomes);
  const [ending, write] = [endings[won], writes[won]];
  if (ending !== undefined && write !== undefined) lane.hasEnded(task, ending, write);
  return 2;
}

async function repeatEnd(lane: Lane): Promise<number> {
  const ended = lane.ended.at(-1);
  if (ended === undefined) return 0;
  const outcomes = await Promise.all([lane.write(ended.write), lane.write(ended.write, lane.options.elsewhere)]);
  lane.expect(
    outcomes.every((outcome) => outcome === 'written'),
    'a repeated end',
    outcomes,
  );
  return 2;
}

/** Another end of a task that has ended. */
async function endAgain(lane: Lane): Promise<number> {
  const ended = lane.ended.at(-1);
  if (ended === undefined) return 0;
  const { place } = ended;
  const outcome = await lane.write(
    draftEnd(
      lane.options.ids,
      { ...place, seq: place.seq + lane.options.random.between(0, 1) },
      belowHold(lane, ended),
    ),
  );
  lane.expect(outcome === 'stale', 'an end of a finished task', outcome);
  return 1;
}

async function endLate(lane: Lane): Promise<number> {
  const task = lane.open.at(-1);
  if (task === undefined) return 0;
  const { ids } = lane.options;
  const place = { ...task.place, attempt: task.place.attempt + lane.options.random.pick([-1, 1]) };
  const outcome = await lane.write(draftEnd(ids, place, { how: 'complete' }));
  lane.expect(outcome === 'stale', 'an end under another lease', outcome);
  return 1;
}

/** A reservation that is another tenant's. */
async function endForeign(lane: Lane): Promise<number> {
  const task = lane.open.at(-1);
  if (task === undefined) return 0;
  const { ids, tenants } = lane.options;
  const foreign = tenants.find(({ tenantId }) => tenantId !== task.place.tenantId);
  if (foreign === undefined) return 0;
  const place = { ...task.place, tenantId: foreign.tenantId };
  const outcome = await lane.write(draftEnd(ids, place, { how: 'complete' }));
  lane.expect(outcome === 'stale', 'an end for another tenant', outcome);
  return 1;
}
