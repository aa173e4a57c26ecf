import { createClient } from '@redis/client';

export type RedisClient = ReturnType<typeof newClient>;

export interface RedisConnectionOptions {
  readonly url: string;
  /** The client name that Redis shows for the connection. */
  readonly name: string;
  /** Longer exchanges fail and close the connection. */
  readonly answerMs: number;
  /** Commands that may wait for answers. */
  readonly commandsMax: number;
}

function newClient({ url, name, answerMs, commandsMax }: RedisConnectionOptions) {
  return createClient({
    url,
    name,
    disableOfflineQueue: true,
    commandsQueueMaxLength: commandsMax,
    // The next call opens a new connection, because this server may never answer.
    socket: { reconnectStrategy: false, connectTimeout: answerMs },
  });
}

/**
 * A connection that is made when it is needed. A server that does not answer in time loses it, so that nothing piles up before it and
 * nothing is done twice when it goes on.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  #client: Promise<RedisClient> | null = null;
  #isClosed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
  }

  async exchange<Result>(ask: (client: RedisClient) => Promise<Result>): Promise<Result> {
    const connecting = (this.#client ??= this.#connect());
    const timer = AbortSignal.timeout(this.#options.answerMs);
    try {
      const client = await endedBy(timer, connecting);
      return await endedBy(timer, ask(client));
    } catch (error) {
      this.#drop(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#client !== null) this.#drop(this.#client);
  }

  async #connect(): Promise<RedisClient> {
    if (this.#isClosed) throw new Error('The connection is closed.');
    const client = newClient(this.#options);
    // Every call gets the error; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  #drop(connecting: Promise<RedisClient>): void {
    if (this.#client === connecting) this.#client = null;
    connecting.then(
      (client) => client.destroy(),
      () => undefined,
    );
  }
}

/** The result of `work`, or a rejection after the timeout; a later result is dropped. */
function endedBy<Result>(timer: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onTimeout = (): void => reject(new Error('Redis did not answer in time.'));
    if (timer.aborted) return onTimeout();
    timer.addEventListener('abort', onTimeout, { once: true });
    work.then(resolve, reject);
  });
}
