/** One process of the suite of credits: carries out what the run sends it, through the stores of the product. Its argument is the address of the database. */
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import {
  createCreditLedgerStore,
  createGrantLapseStore,
  createIdSource,
  createPool,
  createTaskStore,
  systemClock,
  writerSettings,
} from '@colloquy/server/test';
import { createSeededRandom } from '../seeded-random.ts';
import { draftEnd, draftSend, draftStatus, placeOf } from './drafts.ts';
import { entriesOfReserve } from './expected-entries.ts';
import { Lane } from './lane.ts';
import type { LaneStores } from './lane.ts';
import type { FromProcess, Operated, Order, Reserved, ToProcess } from './messages.ts';
import { performOne } from './operations.ts';
import { operationsAtOnce } from './plan.ts';

const url = process.argv[2] ?? '';
const ids = createIdSource(systemClock, { bytes: (length) => randomBytes(length) });
const stores = openStores();

function openStores(): LaneStores {
  // A busy machine makes locks wait for long; what is judged here is no time.
  const patience = { lockTimeoutMs: 30_000, statementTimeoutMs: 60_000, connectTimeoutMs: 60_000 };
  const shared = { url, role: 'colloquy_app', applicationName: 'credits-suite', ...patience };
  const open = (writers: number, readers: number) => {
    const reading = createPool({ ...shared, connectionsMax: readers });
    const writing = createPool({ ...shared, connectionsMax: writers, settings: writerSettings });
    return {
      tasks: createTaskStore(writing, reading, systemClock),
      ledger: createCreditLedgerStore(reading),
      // Only `findDue` asks the pool of the workers, which no operation calls.
      lapses: createGrantLapseStore(reading, reading),
    };
  };
  const [here, elsewhere] = [open(4, 2), open(2, 1)];
  return {
    here: here.tasks,
    elsewhere: elsewhere.tasks,
    ledger: here.ledger,
    ledgerElsewhere: elsewhere.ledger,
    lapses: here.lapses,
  };
}

/** Holds operations back that the run has not allowed yet, so that its checks keep up. */
class Gate {
  #left: number;
  #allowed = 0;
  #begun = 0;
  #waiting: (() => void)[] = [];

  constructor(operations: number) {
    this.#left = operations;
  }

  allow(operations: number): void {
    this.#allowed = operations;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** False when all is done. */
  async pass(): Promise<boolean> {
    while (this.#left > 0 && this.#begun >= this.#allowed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#left > 0;
  }

  count(operations: number): void {
    this.#begun += operations;
    this.#left -= operations;
    if (this.#left <= 0) this.allow(this.#allowed);
  }
}

let gate = new Gate(0);

const send = (message: FromProcess): void => void process.send?.(message);

async function reserve({
  tenant,
  nodeId,
  count,
  priceMicrocredits,
}: Extract<Order, { do: 'reserve' }>): Promise<Reserved> {
  const drafts = Array.from({ length: count }, () => draftSend(ids, tenant, nodeId, priceMicrocredits));
  const outcomes = await Promise.all(drafts.map((draft) => stores.here.record(draft)));
  const recorded = drafts.filter((_draft, at) => outcomes[at]?.kind === 'recorded');
  return {
    places: recorded.map(placeOf),
    refused: outcomes.filter(({ kind }) => kind === 'insufficient').length,
    expected: recorded.flatMap(entriesOfReserve),
  };
}

async function operate(order: Extract<Order, { do: 'operate' }>): Promise<Operated> {
  const { tenants, nodeId, seed, workers, operations } = order;
  const own = new Gate(operations);
  gate = own;
  const lanes = Array.from(
    { length: workers * operationsAtOnce },
    (_, at) => new Lane({ ...stores, ids, nodeId, tenants, random: createSeededRandom(`${seed}/${at}`) }),
  );
  let done = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (await own.pass()) {
        const calls = await performOne(lane);
        done += calls;
        own.count(calls);
        send({ done: calls });
      }
    }),
  );
  const counts: Record<string, number> = {};
  for (const lane of lanes)
    for (const [name, count] of Object.entries(lane.counts)) counts[name] = (counts[name] ?? 0) + count;
  return {
    operations: done,
    expected: lanes.flatMap(({ expected }) => expected),
    lapsed: lanes.flatMap(({ lapsed }) => [...lapsed]),
    faults: lanes.flatMap(({ faults }) => faults),
    counts,
    repeats: lanes.reduce((sum, lane) => sum + lane.repeats, 0),
  };
}

function carryOut(order: Order): Promise<unknown> {
  if (order.do === 'reserve') return reserve(order);
  if (order.do === 'operate') return operate(order);
  const writes =
    order.do === 'end'
      ? order.ends.map(({ place, ending }) => draftEnd(ids, place, ending))
      : order.places.map((place) => draftStatus(place, 'TASK_STATE_INPUT_REQUIRED'));
  return Promise.all(writes.map((write) => stores.here.write(write)));
}

process.on('message', (message: ToProcess) => {
  if ('allowed' in message) return gate.allow(message.allowed);
  const { id } = message;
  carryOut(message.order).then(
    (value) => send({ id, value }),
    (error: unknown) => send({ id, failure: inspect(error) }),
  );
});
// The run ends its processes; one whose run is gone ends itself.
process.on('disconnect', () => process.exit(1));
