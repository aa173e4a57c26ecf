/**
 * The reporter that test files run with. It tells the runner, one line of JSON per fact on file descriptor 3,
 * what happened to every leaf test; standard output stays free for the tests themselves.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** One line from a test file to the runner. */
export type TestFact =
  | { readonly kind: 'passed' | 'skipped'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly where: string; readonly error: string }
  /** The file has run and closed what it opened. Unless it is sound, its process serves no other file. */
  | { readonly kind: 'file-ended'; readonly isSound: boolean };

const factsDescriptor = 3;
type Outcome = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/** Converts the runner's flat stream into leaf facts: a suite or parent counts only when it fails by itself. */
export class LeafCounter {
  /** Per nesting level: what has been reported below the test that has not ended yet. */
  readonly #below: { children: number; failures: number }[] = [];
  /** Titles of the tests around the one being reported, by nesting level. */
  readonly #titles: string[] = [];

  started(name: string, nesting: number): void {
    this.#titles[nesting] = name;
    this.#titles.length = nesting + 1;
  }

  ended(event: Outcome): TestFact | undefined {
    const { data } = event;
    const { children, failures } = this.#below[data.nesting + 1] ?? { children: 0, failures: 0 };
    this.#below[data.nesting + 1] = { children: 0, failures: 0 };
    const isSkipped = data.skip !== undefined && children === 0;
    const isParent = children > 0 || (data.details.type === 'suite' && !isSkipped);
    const failed = event.type === 'test:fail';
    const failsByItself = failed && (failures === 0 || hookFailed(event));
    const fact = isParent && !failsByItself ? undefined : this.#fact(event);
    const level = (this.#below[data.nesting] ??= { children: 0, failures: 0 });
    level.children += 1;
    level.failures += failed ? 1 : 0;
    return fact;
  }

  #fact(event: Outcome): TestFact {
    const { data } = event;
    const name = [...this.#titles.slice(0, data.nesting), data.name].join(' > ');
    if (data.skip !== undefined || data.todo !== undefined) return { kind: 'skipped', name };
    if (event.type === 'test:pass') return { kind: 'passed', name };
    const where = `${data.file ?? ''}:${data.line ?? 0}`;
    const { error } = event.data.details;
    return { kind: 'failed', name, where, error: inspect(error.cause ?? error, { depth: 6 }) };
  }
}

/** A broken hook cancels every test around it; the cause is known only here. */
function hookFailed(event: Outcome): boolean {
  if (event.type === 'test:pass') return false;
  const { error } = event.data.details;
  return 'failureType' in error && error.failureType === 'hookFailed';
}

/** Sends one fact to the runner. */
export function tell(fact: TestFact): void {
  writeSync(factsDescriptor, `${JSON.stringify(fact)}\n`);
}

/** Follows how many tests are under way. */
class Activity {
  /** Tests that were made so far. */
  enqueuedTotal = 0;
  #completedTotal = 0;

  get isIdle(): boolean {
    return this.#completedTotal === this.enqueuedTotal;
  }

  enqueued(): void {
    this.enqueuedTotal += 1;
  }

  completed(): void {
    this.#completedTotal += 1;
  }
}

export const activity: Activity = new Activity();

/** Called by Node for the events of one process. */
async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const leaves = new LeafCounter();
  for await (const event of source) {
    // Tests that a broken hook cancels are never completed, but what is around them is.
    if (event.type === 'test:enqueue' && event.data.nesting === 0) activity.enqueued();
    if (event.type === 'test:complete' && event.data.nesting === 0) activity.completed();
    if (event.type === 'test:start') leaves.started(event.data.name, event.data.nesting);
    if (event.type === 'test:pass' || event.type === 'test:fail') {
      const fact = leaves.ended(event);
      if (fact !== undefined) tell(fact);
    }
    if (event.type === 'test:stdout' || event.type === 'test:stderr') yield event.data.message;
  }
}

// oxlint-disable-next-line import/no-default-export -- Node takes a reporter from the default export only.
export default report;
