/**
 * Reads a registry, in a process of its own, so that what else a run remembers is not collected while a read is timed. Reads a
 * `ReadOrder` as JSON from its standard input; prints the result as a line.
 */
import { Agent, get } from 'node:http';
import { json, text } from 'node:stream/consumers';

/** A path, and the credential of who asks for it. */
export interface Ask {
  readonly path: string;
  readonly authorization: string;
}

export interface ReadOrder {
  readonly origin: string;
  /** Asked before, one after the other. */
  readonly warmups: readonly Ask[];
  readonly asks: readonly Ask[];
  /** Asks that are open at a time. */
  readonly readers: number;
}

export interface ReadResult {
  /** Of each ask, from its request to the end of its parsed answer, ascending. */
  readonly latenciesMs: readonly number[];
  /** Agents in all answers. */
  readonly found: number;
  readonly failures: number;
}

const order = JSON.parse(await text(process.stdin)) as ReadOrder;
const agent = new Agent({ keepAlive: true, maxSockets: order.readers });
const latenciesMs: number[] = [];
let [found, failures] = [0, 0];

function read({ path, authorization }: Ask): Promise<{ isFound: boolean; body: unknown }> {
  return new Promise((resolve, reject) => {
    get(order.origin + path, { agent, headers: { authorization } }, (response) => {
      json(response).then((body) => resolve({ isFound: response.statusCode === 200, body }), reject);
    }).on('error', reject);
  });
}

for (const ask of order.warmups) await read(ask);
const left = order.asks.values();
async function loop(): Promise<void> {
  for (const ask of left) {
    const startedMs = performance.now();
    const { isFound, body } = await read(ask);
    latenciesMs.push(performance.now() - startedMs);
    if (!isFound) failures += 1;
    found += itemsIn(body);
  }
}
await Promise.all(Array.from({ length: order.readers }, loop));
agent.destroy();
const ascending = latenciesMs.toSorted((one, other) => one - other);
const result: ReadResult = { latenciesMs: ascending, found, failures };
console.log(JSON.stringify({ event: 'result', result }));

function itemsIn(body: unknown): number {
  if (typeof body !== 'object' || body === null) return 0;
  return 'items' in body && Array.isArray(body.items) ? body.items.length : 1;
}
