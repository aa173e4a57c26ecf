import { isDeepStrictEqual, inspect } from 'node:util';
import { red, say } from './screen.ts';

/** What the demo has found to be as it should be, and what not. */
export class Expectations {
  readonly failed: string[] = [];
  #checked = 0;

  get checked(): number {
    return this.#checked;
  }

  /** Notes a promise and whether it was kept; a broken one is shown where it broke. */
  holds(promise: string, kept: boolean): void {
    this.#checked += 1;
    if (kept) return;
    this.failed.push(promise);
    say(`     ${red(`✗ ${promise}`)}`);
  }

  /** Notes that two values should be equal. */
  equal(what: string, actual: unknown, expected: unknown): void {
    const kept = isDeepStrictEqual(actual, expected);
    const line = { breakLength: Number.POSITIVE_INFINITY };
    this.holds(kept ? what : `${what}: ${inspect(actual, line)} instead of ${inspect(expected, line)}`, kept);
  }
}
