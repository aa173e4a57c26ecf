import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment, sourceCondition } from '@colloquy/bench/process/program';
import type { FromProcess, Order, ToProcess } from './messages.ts';

const script = fileURLToPath(new URL('credit-process.ts', import.meta.url));

/** A process of the run, with stores of its own. */
export class CreditProcess implements AsyncDisposable {
  /** Called with the number of operations that it has done. */
  onDone: (operations: number) => void = () => undefined;
  readonly #child;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 0;

  constructor(databaseUrl: string) {
    // Amounts are bigint, which JSON has not.
    this.#child = fork(script, [databaseUrl], {
      execArgv: [sourceCondition],
      serialization: 'advanced',
      env: childEnvironment({}),
    });
    this.#child.on('message', (message) => this.#hear(message as FromProcess));
    this.#child.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`a process ended: ${signal ?? `status ${String(code)}`}`));
    });
  }

  /** The answer to an order; `Value` is what `messages.ts` says of it. */
  async order<Value>(order: Order): Promise<Value> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#send({ id, order });
    return (await waiting.promise) as Value;
  }

  allow(operations: number): void {
    this.#send({ allowed: operations });
  }

  #send(message: ToProcess): void {
    this.#child.send(message);
  }

  #hear(message: FromProcess): void {
    if ('done' in message) return this.onDone(message.done);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('value' in message) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.failure));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
