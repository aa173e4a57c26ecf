import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';

export interface WatchedFilesOptions<Value> {
  readonly files: readonly string[];
  /** Makes one value of the texts, in the order of the files. Throws when they are not fit for use. */
  readonly parse: (texts: readonly string[]) => Value;
  readonly clock: Clock;
  /** Called once for each state of the files that cannot be used; the former value stays in use. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Files that may be replaced while they are in use. They are read again every `limits.certificateCheckMs`; a check reads whole files, so
 * that links and folders that are exchanged under it are seen as well.
 */
export class WatchedFiles<Value> {
  readonly #options: WatchedFilesOptions<Value>;
  #value: Value;
  #seen: string;
  #cancel: CancelTimer = () => undefined;
  #onChange: (value: Value) => void = () => undefined;
  #isClosed = false;

  private constructor(options: WatchedFilesOptions<Value>, value: Value, seen: string) {
    this.#options = options;
    this.#value = value;
    this.#seen = seen;
  }

  /** Reads the files for the first time. Rejects when they are not there or not fit for use. */
  static async open<Value>(options: WatchedFilesOptions<Value>): Promise<WatchedFiles<Value>> {
    const texts = await readAll(options.files);
    return new WatchedFiles(options, options.parse(texts), digestOf(texts));
  }

  get current(): Value {
    return this.#value;
  }

  /** Checks regularly until closed; `onChange` gets every new value. */
  watch(onChange: (value: Value) => void): void {
    this.#onChange = onChange;
    this.#checkLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #checkLater(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(limits.certificateCheckMs, () => {
      void this.#check().finally(() => this.#checkLater());
    });
  }

  async #check(): Promise<void> {
    const { files, parse, onBroken } = this.#options;
    let seen = 'unreadable';
    try {
      const texts = await readAll(files);
      seen = digestOf(texts);
      if (seen === this.#seen || this.#isClosed) return;
      this.#seen = seen;
      this.#value = parse(texts);
      this.#onChange(this.#value);
    } catch (error) {
      if (seen === 'unreadable' && this.#seen === seen) return;
      this.#seen = seen;
      onBroken(error);
    }
  }
}

async function readAll(files: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    files.map(async (file) => {
      if ((await stat(file)).size > limits.certificateFileBytesMax) throw new Error(`${file} is too large.`);
      return readFile(file, 'utf8');
    }),
  );
}

function digestOf(texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts));
}
