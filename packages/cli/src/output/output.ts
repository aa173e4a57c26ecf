import type { Surroundings } from '../surroundings.ts';
import { createPaint } from './paint.ts';
import type { Paint } from './paint.ts';

/** Where a command puts what it found: for people, or for programs. */
export interface Output {
  readonly json: boolean;
  readonly paint: Paint;
  /** With `--json` the value, one line; otherwise the text, when it is not empty. */
  print(value: unknown, text: string): void;
  /** A piece of a line, for people only. */
  write(text: string): void;
  /** Something to know that is not the answer. Never on stdout. */
  note(text: string): void;
}

export function createOutput({ stdout, stderr, env }: Surroundings, json: boolean): Output {
  const paint = createPaint(!json && stdout.isTTY === true && env['NO_COLOR'] === undefined);
  return {
    json,
    paint,
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
  };
}
