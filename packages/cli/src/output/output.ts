import type { Surroundings } from '../surroundings.ts';
import { asTyped } from '../typed-name.ts';
import { createPaint, hasColours } from './paint.ts';
import type { Paint } from './paint.ts';
import { withProgress } from './progress.ts';
import type { Say } from './progress.ts';

/** Writes the result of a command, for people or for programs. */
export interface Output {
  readonly json: boolean;
  readonly paint: Paint;
  /** One of our own texts, with the command lines in it written as the user has to type them. */
  readonly typed: (text: string) => string;
  /** With `--json` the value, one line; otherwise the text, when it is not empty. */
  print(value: unknown, text: string): void;
  /** A piece of a line, for people only. */
  write(text: string): void;
  /** A remark that is not part of the result. Never on stdout. */
  note(text: string): void;
  /** Runs work that may take long and shows its progress, on a terminal and without `--json` only. */
  during<T>(text: string, work: (say: Say) => Promise<T>): Promise<T>;
}

/** Writes to the streams of the process, as JSON or as text. */
export function createOutput(surroundings: Surroundings, json: boolean): Output {
  const { stdout, stderr, env } = surroundings;
  return {
    json,
    typed: (text) => asTyped(text, env),
    paint: createPaint(!json && hasColours(stdout, env)),
    print: (value, text) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
      else if (text !== '') stdout.write(`${text}\n`);
    },
    write: (text) => {
      if (!json) stdout.write(text);
    },
    note: (text) => {
      stderr.write(`${text}\n`);
    },
    during: (text, work) => (json ? work(() => undefined) : withProgress(surroundings, text, work)),
  };
}
