/**
 * Reads a platform, in a process of its own, so that what else a run remembers is not collected while a read is timed. Reads a
 * `ReadOrder` as JSON from its standard input; prints the result as a line.
 */
import { Agent, request } from 'node:http';
import { json, text } from 'node:stream/consumers';

/** A path, the credential of who asks for it, and the JSON to post; a GET without. */
export interface Ask {
  readonly path: string;
  readonly authorization: string;
  readonly body?: object;
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
  /** Agents or tasks in all answers. */
  readonly found: number;
  /** Answers other than 200, and errors of JSON-RPC. */
  readonly failures: number;
}

const order = JSON.parse(await text(process.stdin)) as ReadOrder;
const agent = new Agent({ keepAlive: true, maxSockets: order.readers });
const latenciesMs: number[] = [];
let [found, failures] = [0, 0];

function read({ path, authorization, body }: Ask): Promise<{ isFound: boolean; answer: unknown }> {
  const posted = body && JSON.stringify(body);
  const headers = { authorization, ...(posted && { 'content-type': 'application/json', 'a2a-version': '1.0' }) };
  return new Promise((resolve, reject) => {
    const method = posted ? 'POST' : 'GET';
    request(order.origin + path, { method, agent, headers }, (response) => {
      json(response).then((answer) => resolve({ isFound: response.statusCode === 200, answer }), reject);
    })
      .on('error', reject)
      .end(posted);
  });
}

for (const ask of order.warmups) await read(ask);
const left = order.asks.values();
async function loop(): Promise<void> {
  for (const ask of left) {
    const startedMs = performance.now();
    const { isFound, answer } = await read(ask);
    latenciesMs.push(performance.now() - startedMs);
    if (!isFound || isError(answer)) failures += 1;
    found += itemsIn(answer);
  }
}
await Promise.all(Array.from({ length: order.readers }, loop));
agent.destroy();
const ascending = latenciesMs.toSorted((one, other) => one - other);
const result: ReadResult = { latenciesMs: ascending, found, failures };
console.log(JSON.stringify({ event: 'result', result }));

function isError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

function itemsIn(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0;
  if ('result' in answer) return itemsIn(answer.result);
  if ('tasks' in answer && Array.isArray(answer.tasks)) return answer.tasks.length;
  return 'items' in answer && Array.isArray(answer.items) ? answer.items.length : 1;
}
