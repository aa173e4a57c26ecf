import { limits } from '../../kernel/limits.ts';
import type { BucketStore, BucketReport, SharedBucket } from '../../modules/limits/index.ts';
import { exchangeScript } from './exchange-script.ts';
import { RedisConnection } from './redis-connection.ts';
import { redisScript, runScript } from './run-script.ts';

const exchange = redisScript(exchangeScript);

/** One slot of a Redis Cluster, because one call settles them all. */
const keyPrefix = 'colloquy:{limits}:';

/** Shared buckets in Redis. A bucket that Redis lost (by FLUSHALL, by a restart without its data) starts with the last fill that the processes know. */
export class RedisBucketStore implements BucketStore {
  readonly #connection: RedisConnection;

  constructor(url: string) {
    this.#connection = new RedisConnection({
      url,
      name: 'colloquy-limits',
      answerMs: limits.sharesAnswerMs,
      commandsMax: 16,
    });
  }

  exchange(reports: readonly BucketReport[]): Promise<readonly SharedBucket[]> {
    const call = {
      keys: reports.map(({ key }) => keyPrefix + key),
      arguments: reports.flatMap(({ perSecond, burst, taken, start }) => [perSecond, burst, taken, start].map(String)),
    };
    return this.#connection.exchange(async (client) => {
      const left = textsOf(await runScript(client, exchange, call), reports.length);
      return reports.map(({ key }, at) => ({ key, tokens: Number(left[at]) }));
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function textsOf(answer: unknown, count: number): readonly string[] {
  const texts = Array.isArray(answer) ? answer.filter((one) => typeof one === 'string') : [];
  if (texts.length !== count) throw new Error('Redis gave an answer that is not understood.');
  return texts;
}
