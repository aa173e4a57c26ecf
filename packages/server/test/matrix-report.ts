import type { Seen } from './matrix-exchanges.ts';

/** Members whose values differ from run to run; that they are there is compared. */
const varying = new Set(['id', 'taskId', 'contextId', 'messageId', 'timestamp', 'referenceTaskIds']);

/** Members whose content belongs to the sender: compared as a whole. */
const whole = new Set(['data', 'metadata']);

/** Where in a task a message or a part stands does not matter to what a wire can say. */
const places = /^(?:task|done|history\[\]|artifacts\[\])\./;

/** Every value of what was seen, under its path without indices. */
function valuesOf(seen: unknown): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const visit = (value: unknown, path: string, name: string): void => {
    if (varying.has(name)) return put(path, Array.isArray(value) ? `${value.length} ids` : 'an id');
    if (whole.has(name)) return put(path, JSON.stringify(value));
    if (Array.isArray(value)) {
      value.forEach((item: unknown) => visit(item, `${path}[]`, ''));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) visit(member, path === '' ? key : `${path}.${key}`, key);
    } else if (value !== undefined) {
      put(path, JSON.stringify(value));
    }
  };
  const put = (path: string, text: string): void => {
    values.set(path, [...(values.get(path) ?? []), text]);
  };
  visit(seen, '', '');
  return values;
}

/** How what was seen over a pair of wires differs from what is seen over the widest one, each in a few words. */
export function lossesOf(exchange: string, seen: Seen, widest: Seen): readonly string[] {
  const losses = (['agent', 'caller'] as const).flatMap((end) => {
    const [mine, theirs] = [valuesOf(seen[end]), valuesOf(widest[end])];
    return [...new Set([...theirs.keys(), ...mine.keys()])].flatMap((path) => {
      const [got = [], wanted = []] = [mine.get(path), theirs.get(path)];
      if (got.join('\n') === wanted.join('\n')) return [];
      return [`${exchange}: \`${path.replace(places, '')}\` ${fateOf(got, wanted)} on the way to the ${end}`];
    });
  });
  return [...new Set(losses)];
}

function fateOf(got: readonly string[], wanted: readonly string[]): string {
  if (got.length === 0) return 'is lost';
  if (wanted.length === 0) return 'is added';
  return got.length < wanted.length ? 'is lost in part' : 'is changed';
}

/** The page: a table of pairs, and what the numbers in it mean. */
export function pageOf(
  callers: readonly string[],
  agents: readonly string[],
  lossesAt: (caller: string, agent: string) => readonly string[],
): string {
  const all = [...new Set(callers.flatMap((caller) => agents.flatMap((agent) => lossesAt(caller, agent))))];
  const rows = callers.map((caller) => {
    const cells = agents.map((agent) => {
      const numbers = lossesAt(caller, agent).map((loss) => all.indexOf(loss) + 1);
      return numbers.length === 0 ? 'nothing' : rangesOf(numbers.toSorted((one, two) => one - two));
    });
    return `| **${caller}** | ${cells.join(' | ')} |`;
  });
  return [
    '# What each pair of wires loses',
    '',
    'Made by `packages/server/test/protocol-matrix.it.test.ts` (`COLLOQUY_UPDATE_GOLDEN=1` writes it anew): the same twelve exchanges through every',
    'wire of callers (rows) to every wire of agents (columns). The numbers are explained below; all else arrives as it was said.',
    '',
    `| caller ↓ agent → | ${agents.join(' | ')} |`,
    `| --- |${agents.map(() => ' --- |').join('')}`,
    ...rows,
    '',
    ...all.map((loss, index) => `${index + 1}. ${loss}`),
    '',
  ].join('\n');
}

function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
