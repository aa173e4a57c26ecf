import { Writable } from 'node:stream';
import type { Surroundings } from '../surroundings.ts';

const delayMs = 300;
const secondMs = 1_000;

/** Says what the work does now. */
export type Say = (text: string) => void;

/**
 * Runs work that may take long. When it does, a terminal on stderr shows what it does and for how many seconds; the line
 * goes when the work ends. Other receivers of stderr see nothing.
 */
export async function withProgress<T>(
  { stderr, env }: Pick<Surroundings, 'stderr' | 'env'>,
  text: string,
  work: (say: Say) => Promise<T>,
): Promise<T> {
  const isShown = stderr.isTTY === true && env['TERM'] !== 'dumb' && env['CI'] === undefined;
  if (!isShown || !(stderr instanceof Writable)) return work(() => undefined);
  const spinner = new DelayedSpinner(stderr, text);
  try {
    return await work((now) => spinner.say(now));
  } finally {
    spinner.end();
  }
}

/** A spinner that appears only when the work has taken a moment. Its package is loaded then. */
class DelayedSpinner {
  readonly #stream: Writable;
  readonly #startedAtMs = performance.now();
  #timer: NodeJS.Timeout;
  readonly #onExit = (): void => this.end();
  #text: string;
  #spinner: { text: string; stop(): unknown } | undefined;
  #hasEnded = false;

  constructor(stream: Writable, text: string) {
    this.#stream = stream;
    this.#text = text;
    this.#timer = setTimeout(() => void this.#start(), delayMs);
    // A second Ctrl-C leaves at once; the cursor has to be visible again.
    process.once('exit', this.#onExit);
  }

  say(text: string): void {
    this.#text = text;
    this.#render();
  }

  end(): void {
    this.#hasEnded = true;
    clearInterval(this.#timer);
    process.off('exit', this.#onExit);
    this.#spinner?.stop();
  }

  async #start(): Promise<void> {
    const { default: createSpinner } = await import('yocto-spinner');
    if (this.#hasEnded) return;
    // Ctrl-C belongs to the command, which may have to stop a platform or a request first.
    this.#spinner = createSpinner({ text: this.#text, stream: this.#stream, handleSignals: false }).start();
    this.#timer = setInterval(() => this.#render(), secondMs);
  }

  #render(): void {
    if (this.#spinner === undefined) return;
    const seconds = Math.floor((performance.now() - this.#startedAtMs) / secondMs);
    this.#spinner.text = seconds < 1 ? this.#text : `${this.#text} (${seconds} s)`;
  }
}
