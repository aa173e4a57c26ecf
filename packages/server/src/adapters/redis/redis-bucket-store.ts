import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import { limits } from '../../kernel/limits.ts';
import type { BucketStore, BucketTold, SharedBucket } from '../../modules/limits/index.ts';
import { exchangeScript } from './exchange-script.ts';

const scriptHash = createHash('sha1').update(exchangeScript).digest('hex');

/** One slot of a Redis Cluster, because one call settles them all. */
const keyPrefix = 'colloquy:{limits}:';

type Client = ReturnType<typeof newClient>;

function newClient(url: string) {
  return createClient({
    url,
    name: 'colloquy-limits',
    disableOfflineQueue: true,
    commandsQueueMaxLength: 16,
    // Whoever asks next connects anew: a connection whose server does not answer must not be waited for.
    socket: { reconnectStrategy: false, connectTimeout: limits.sharesAnswerMs },
  });
}

/**
 * Shared buckets in Redis. What it loses (by FLUSHALL, by a restart without its data) begins with what the processes knew of it. A server
 * that does not answer in time loses its connection, so that nothing piles up before it and nothing is taken twice when it goes on.
 */
export class RedisBucketStore implements BucketStore {
  readonly #url: string;
  #client: Promise<Client> | null = null;
  #isClosed = false;

  constructor(url: string) {
    this.#url = url;
  }

  async exchange(told: readonly BucketTold[]): Promise<readonly SharedBucket[]> {
    const connecting = (this.#client ??= this.#connect());
    const timer = AbortSignal.timeout(limits.sharesAnswerMs);
    try {
      const client = await endedBy(timer, connecting);
      const left = await endedBy(timer, settle(client, told));
      return told.map(({ key }, at) => ({ key, tokens: Number(left[at]) }));
    } catch (error) {
      this.#drop(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#client !== null) this.#drop(this.#client);
  }

  async #connect(): Promise<Client> {
    if (this.#isClosed) throw new Error('The store is closed.');
    const client = newClient(this.#url);
    // Told to whoever asks; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  #drop(connecting: Promise<Client>): void {
    if (this.#client === connecting) this.#client = null;
    connecting.then(
      (client) => client.destroy(),
      () => undefined,
    );
  }
}

async function settle(client: Client, told: readonly BucketTold[]): Promise<readonly string[]> {
  const call = {
    keys: told.map(({ key }) => keyPrefix + key),
    arguments: told.flatMap(({ perSecond, burst, taken, start }) => [perSecond, burst, taken, start].map(String)),
  };
  try {
    return textsOf(await client.evalSha(scriptHash, call), told.length);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return textsOf(await client.eval(exchangeScript, call), told.length);
  }
}

function textsOf(answer: unknown, count: number): readonly string[] {
  const texts = Array.isArray(answer) ? answer.filter((one) => typeof one === 'string') : [];
  if (texts.length !== count) throw new Error('Redis gave an answer that is not understood.');
  return texts;
}

/** The result of `work`, or a rejection when the time is up; its later result is nobody's. */
function endedBy<Result>(timer: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Error('Redis did not answer in time.'));
    if (timer.aborted) return giveUp();
    timer.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject);
  });
}
