import { limits } from '../../kernel/limits.ts';
import type { TaskId } from '../../kernel/ids.ts';
import type {
  ClaimOutcome,
  ResultLookup,
  ResultPlace,
  ResultStore,
  ResultTimes,
  StoredResult,
} from '../../modules/results/index.ts';
import { RedisConnection } from './redis-connection.ts';
import { resultScript } from './result-script.ts';
import { redisScript, runScript } from './run-script.ts';

const script = redisScript(resultScript);

/**
 * Results in Redis, each in a key of its own that ends with it. How many there may be is for the memory that Redis is given
 * (`maxmemory` with a policy that evicts keys with an end).
 */
export class RedisResultStore implements ResultStore {
  readonly #connection: RedisConnection;

  constructor(url: string) {
    const { resultAnswerMs: answerMs } = limits;
    this.#connection = new RedisConnection({ url, name: 'colloquy-results', answerMs, commandsMax: 1_000 });
  }

  async find(place: ResultPlace): Promise<ResultLookup> {
    return lookupOf(await this.#ask(place, ['find', '']));
  }

  async claim(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<ClaimOutcome> {
    const answer = await this.#ask(place, ['claim', taskId, String(claimMs)]);
    return answer[0] === 'claimed' ? { kind: 'claimed' } : lookupOf(answer);
  }

  async renew(place: ResultPlace, taskId: TaskId, claimMs: number): Promise<boolean> {
    return (await this.#ask(place, ['renew', taskId, String(claimMs)]))[0] === 'done';
  }

  async fill(
    place: ResultPlace,
    taskId: TaskId,
    result: StoredResult,
    { ttlMs, staleMs }: ResultTimes,
  ): Promise<boolean> {
    const values = ['fill', taskId, String(ttlMs), String(staleMs), JSON.stringify(result)];
    return (await this.#ask(place, values))[0] === 'done';
  }

  async release(place: ResultPlace, taskId: TaskId): Promise<void> {
    await this.#ask(place, ['release', taskId]);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #ask({ tenantId, keyHash }: ResultPlace, values: string[]): Promise<readonly string[]> {
    const call = { keys: [`colloquy:result:${tenantId}:${keyHash}`], arguments: values };
    return this.#connection.exchange(async (client) => {
      const answer = await runScript(client, script, call);
      return Array.isArray(answer) ? answer.map(String) : [];
    });
  }
}

function lookupOf([kind, result, storedAt]: readonly string[]): ResultLookup {
  if (kind === 'under-way' || kind === 'vacant') return { kind };
  if ((kind !== 'fresh' && kind !== 'stale') || result === undefined) {
    throw new Error('Redis gave an answer that is not understood.');
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- encoded by this platform from decoded answers
  const found = { result: JSON.parse(result) as StoredResult, storedAtMs: Number(storedAt), isStale: kind === 'stale' };
  return { kind: 'found', found };
}
