import type { Figures } from './figures.ts';
import type { Least } from './suites.ts';

/** What a suite came to. */
export interface Judged {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly counts: Figures['counts'];
  readonly violations: readonly string[];
  readonly skipped: readonly string[];
}

const shownMax = 20;

/** What was found, and what was not tried often enough to say that nothing is to be found. */
export function judge(name: string, figures: Figures, least: Least, seconds: number): Judged {
  const { counts, skipped } = figures;
  const tooFew = Object.entries(least)
    .filter(([what, count]) => (counts[what] ?? 0) < count)
    .map(([what, count]) => `${what} is ${String(counts[what] ?? 0)}, and has to be ${String(count)} at least`);
  const violations = [...figures.violations, ...tooFew];
  return { name, ok: violations.length === 0, seconds, counts, violations, skipped };
}

/** Of a suite that broke off. */
export function brokenOff(name: string, error: unknown, seconds: number): Judged {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { name, ok: false, seconds, counts: {}, violations: [`broke off: ${why}`], skipped: [] };
}

/** The suite for people. */
export function linesOf({ name, ok, seconds, counts, violations, skipped }: Judged, promise: string): string[] {
  const figures = Object.entries(counts).map(([what, count]) => `${what} ${String(count)}`);
  return [
    `${ok ? 'held  ' : 'BROKEN'} ${name}: ${promise}`,
    `       ${[...figures, `${String(seconds)} s`].join(' · ')}`,
    ...skipped.map((line) => `       not tried: ${line}`),
    ...violations.slice(0, shownMax).map((line) => `     ✗ ${line}`),
    ...(violations.length > shownMax ? [`     ✗ and ${String(violations.length - shownMax)} more`] : []),
  ];
}

/** All of it for programs, as one line of JSON. */
export function summaryOf(judged: readonly Judged[], run: { readonly tier: string; readonly seed: number }): object {
  const suites = Object.fromEntries(
    judged.map(({ name, ok, seconds, counts, violations, skipped }) => [
      name,
      { ok, seconds, counts, violations: violations.length, ...(skipped.length === 0 ? {} : { skipped }) },
    ]),
  );
  return { suite: 'security', ok: judged.length > 0 && judged.every(({ ok }) => ok), ...run, suites };
}
