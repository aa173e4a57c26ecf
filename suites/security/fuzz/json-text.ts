import type { Draw } from '../seeded.ts';

/** Values that parsers, columns and clocks trip over, as JSON writes them. */
const scalars: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '2147483648',
  '-2147483649',
  '18446744073709551616',
  '1e200000',
  '00',
  '+1',
  'NaN',
  'Infinity',
  '0x10',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff x"',
  '"\\u202e"',
  '"\ufeff"',
  '"\u{e0001}"',
  '"\ufffe"',
  '"\\u0007"',
  '"a\\r\\nb: c"',
  '"\\u001b[31m"',
  '"Ａ"',
  '"e\u0301"',
  '"👩‍👩‍👧‍👦"',
  '"\\"',
  '"\n"',
  "'x'",
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"%00"',
  '"../../x"',
  '"${7*7}"',
  '"{{7*7}}"',
  `"' or 1=1--"`,
  '"tsk_00000000000000000000000000000000"',
  '"00000000-0000-0000-0000-000000000000"',
  '"-1"',
  '"1e309"',
  '"2026-02-30T00:00:00Z"',
  '"+300000-01-01T00:00:00Z"',
  '"2026-06-30T23:59:60Z"',
  '"0000-01-01T00:00:00+14:00"',
  '"ROLE_USER"',
  '"ROLE_UNSPECIFIED"',
  '"TASK_STATE_WORKING"',
  '"!!!="',
  '"data:text/plain,x"',
  '"http://[::1"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"":""}',
  '{"__proto__":{"x":1}}',
  '{"text":"a","raw":"YQ=="}',
];

const keys: readonly string[] = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '"toJSON"',
  '"id"',
  '"ID"',
  '"tenant"',
  '"tenantId"',
  '"role"',
  '"scopes"',
  '"state"',
  '"kind"',
  '"\\u0000"',
  '"\\ud800"',
  '"é"',
  '"e\u0301"',
  '"@type"',
  '"$ref"',
];

const depths = [10, 63, 64, 65, 66, 200, 20_000];
const lengths = [255, 256, 257, 1_000, 5_000, 20_000, 70_000];
const howMany = [0, 1, 1, 1, 1, 2, 2, 3];

export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  const item = items[draw(items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** The value as JSON, with some of its places changed; often what comes out is no JSON, and sometimes it is the value. */
export function jsonText(value: unknown, draw: Draw): string {
  const nodes = countNodes(value);
  const hit = new Set(Array.from({ length: pick(draw, howMany) }, () => draw(nodes)));
  let at = 0;
  const write = (node: unknown): string => {
    const isHit = hit.has(at);
    at += 1;
    if (Array.isArray(node)) {
      const items = node.map(write);
      return isHit ? changedList(items, draw) : `[${items.join()}]`;
    }
    if (typeof node === 'object' && node !== null) {
      const entries = Object.entries(node).map(([key, below]): Entry => [JSON.stringify(key), write(below)]);
      return isHit ? changedEntries(entries, draw) : objectOf(entries);
    }
    const text = JSON.stringify(node);
    return isHit ? changedScalar(text, draw) : text;
  };
  return write(value);
}

type Entry = readonly [key: string, value: string];

const objectOf = (entries: readonly Entry[]): string => `{${entries.map(([key, value]) => `${key}:${value}`).join()}}`;

function countNodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, below) => sum + countNodes(below), 1);
}

function changedScalar(text: string, draw: Draw): string {
  switch (draw(6)) {
    case 0:
      return wrapped(text, draw);
    case 1:
      return JSON.stringify('x'.repeat(pick(draw, lengths)));
    default:
      return pick(draw, scalars);
  }
}

function wrapped(text: string, draw: Draw): string {
  const depth = pick(draw, depths);
  return draw(2) === 0
    ? '['.repeat(depth) + text + ']'.repeat(depth)
    : '{"a":'.repeat(depth) + text + '}'.repeat(depth);
}

/** More than any body may have, and less than a string can: what is copied may be made of copies itself. */
const copiedCharsMax = 16 * 1024 * 1024;

function copiesOf(item: string, count: number): readonly string[] {
  return Array.from({ length: Math.min(count, Math.ceil(copiedCharsMax / item.length)) }, () => item);
}

function changedList(items: readonly string[], draw: Draw): string {
  switch (draw(4)) {
    case 0:
      return `[${copiesOf(items[0] ?? 'null', pick(draw, [2, 100, 1_001, 5_000])).join()}]`;
    case 1:
      return `[${[...items, pick(draw, scalars)].join()}]`;
    case 2:
      return `[${items.join()},]`;
    default:
      return pick(draw, scalars);
  }
}

function changedEntries(entries: readonly Entry[], draw: Draw): string {
  const [key, value] = entries.length === 0 ? (['"x"', '1'] as const) : pick(draw, entries);
  const others = entries.filter(([name]) => name !== key);
  switch (draw(9)) {
    case 0:
      return objectOf(others);
    case 1:
      return objectOf([...entries, [key, pick(draw, scalars)]]);
    case 2:
      return objectOf([[key, pick(draw, scalars)], ...entries]);
    case 3:
      return objectOf([...entries, [key.toUpperCase().replace(/\\U/g, '\\u'), value]]);
    case 4:
      return objectOf([...entries, [pick(draw, keys), pick(draw, scalars)]]);
    case 5:
      return objectOf([...others, [pick(draw, keys), value]]);
    case 6:
      return objectOf([...entries, ...Array.from({ length: 1_500 }, (_, at): Entry => [`"k${at}"`, '1'])]);
    case 7:
      return wrapped(objectOf(entries), draw);
    default:
      return pick(draw, scalars);
  }
}

/** The same text as bytes, of which some are changed. */
export function changedBytes(text: string, draw: Draw): Buffer {
  const bytes = Buffer.from(text);
  const at = draw(bytes.length + 1);
  const put = (...more: number[]): Buffer =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(more), bytes.subarray(at)]);
  switch (draw(10)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 2:
      return Buffer.from(text, 'utf16le');
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      return put(0xc0, 0x80);
    case 5:
      return put(0);
    case 6:
      return put(0xed, 0xa0, 0x80);
    case 7:
      return put(draw(256), draw(256), draw(256));
    case 8:
      return Buffer.alloc(0);
    default:
      if (at < bytes.length) bytes[at] = draw(256);
      return bytes;
  }
}
