/**
 * The reporter that each test file runs with. It tells the runner, one line of JSON per fact on file descriptor 3,
 * what happened to every leaf test; standard output stays free for the tests themselves.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** One line from a test file to the runner. */
export type TestFact =
  | { readonly kind: 'passed' | 'skipped'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly where: string; readonly error: string }
  /** A test began, so the process has work again. */
  | { readonly kind: 'busy' }
  /** No test is waiting or running; what is left is closing down. */
  | { readonly kind: 'idle' }
  /** Told while idle: the kinds of handles that keep the process alive. */
  | { readonly kind: 'still-open'; readonly resources: readonly string[] }
  /** The last report is written; the process may end. */
  | { readonly kind: 'finished' };

const factsDescriptor = 3;
/** What may still be open when the last test has ended: the pipes of the process and this module's own timer. */
const ownResources = new Set(['PipeWrap', 'TTYWrap', 'Timeout', 'Immediate', 'CloseReq', 'TickObject']);
const lookAroundAfterMs = 3_000;

type Outcome = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

/** Turns the runner's flat stream into leaf facts: a suite or parent counts only when it fails by itself. */
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
    const isParent = children > 0 || data.details.type === 'suite';
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

function tell(fact: TestFact): void {
  writeSync(factsDescriptor, `${JSON.stringify(fact)}\n`);
}

/** Follows how many tests are under way, and when none is, says after a while what keeps the process alive. */
class Activity {
  #underWay = 0;
  #lookAround: NodeJS.Timeout | undefined;

  enqueued(): void {
    clearTimeout(this.#lookAround);
    if (this.#underWay === 0) tell({ kind: 'busy' });
    this.#underWay += 1;
  }

  completed(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    tell({ kind: 'idle' });
    this.#lookAround = setTimeout(() => {
      const resources = process.getActiveResourcesInfo().filter((name) => !ownResources.has(name));
      tell({ kind: 'still-open', resources });
    }, lookAroundAfterMs).unref();
  }
}

/** Called by Node for the events of one file. */
async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const leaves = new LeafCounter();
  const activity = new Activity();
  for await (const event of source) {
    if (event.type === 'test:enqueue') activity.enqueued();
    if (event.type === 'test:complete') activity.completed();
    if (event.type === 'test:start') leaves.started(event.data.name, event.data.nesting);
    if (event.type === 'test:pass' || event.type === 'test:fail') {
      const fact = leaves.ended(event);
      if (fact !== undefined) tell(fact);
    }
    if (event.type === 'test:stdout' || event.type === 'test:stderr') yield event.data.message;
  }
  tell({ kind: 'finished' });
}

// oxlint-disable-next-line import/no-default-export -- Node takes a reporter from the default export only.
export default report;
