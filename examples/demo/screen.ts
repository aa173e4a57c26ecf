import process from 'node:process';

const isColoured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

function style(open: number, close: number) {
  return (text: string): string => (isColoured ? `\u001b[${open}m${text}\u001b[${close}m` : text);
}

export const bold: (text: string) => string = style(1, 22);
export const dim: (text: string) => string = style(2, 22);
export const green: (text: string) => string = style(32, 39);
export const red: (text: string) => string = style(31, 39);
export const cyan: (text: string) => string = style(36, 39);
export const yellow: (text: string) => string = style(33, 39);

/** One line. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A heading with room above it. */
export function heading(text: string): void {
  say(`\n${bold(text)}`);
}

/** A time span as people read it. */
export function span(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Does a step of the preparation and says what came of it and how long it took. */
export async function step<T>(title: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  say(`  ${green('✓')} ${title.padEnd(28)} ${dim(span(performance.now() - startMs).padStart(7))}   ${outcome(result)}`);
  return result;
}

/** A fact about what was just shown. */
export function fact(name: string, value: string): void {
  say(`     ${dim(name.padEnd(9))}${value}`);
}

/** Micro-credits as credits. */
export function credits(microcredits: number): string {
  return String(microcredits / 1_000_000);
}
