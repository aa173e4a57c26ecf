/** Guarantee: files and functions stay small enough to be read in one go, and the check would notice if they did not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sizeExceptions } from './size-exceptions.ts';
import { checkSizes, measure, spread } from './sizes.ts';
import { readSources } from './source-tree.ts';

function violationsIn(file: string, text: string): readonly string[] {
  return checkSizes(measure(new Map([[file, text]])), []).violations;
}

function lines(count: number, line = '  a();\n'): string {
  return line.repeat(count);
}

describe('the source', () => {
  const measurements = measure(readSources());

  it('keeps every file and function within its budget', () => {
    assert.deepEqual(checkSizes(measurements, sizeExceptions), { violations: [], unused: [] });
  });

  it('is really measured', () => {
    assert.ok(measurements.filter(({ rule }) => rule === 'functionLines').length > 500);
  });

  it('has files of the size that the house aims for', () => {
    const { median, p95 } = spread(measurements.filter(({ rule }) => rule === 'fileLines').map(({ size }) => size));
    assert.ok(median <= 90, `median ${median}`);
    assert.ok(p95 <= 300, `95th percentile ${p95}`);
  });
});

describe('the check', () => {
  it('refuses a file of 501 lines, a test of 601, and accepts one less', () => {
    assert.match(violationsIn('a.ts', lines(501, '// x\n'))[0] ?? '', /the file has 501 lines; the limit is 500/);
    assert.match(violationsIn('a.test.ts', lines(601, '// x\n'))[0] ?? '', /the file has 601 lines; the limit is 600/);
    assert.deepEqual(violationsIn('a.ts', lines(500, '// x\n')), []);
    assert.deepEqual(violationsIn('a.test.ts', lines(600, '// x\n')), []);
  });

  it('refuses a function of 71 lines in every form, and names it', () => {
    const body = lines(69);
    const forms: readonly (readonly [text: string, name: string])[] = [
      [`function long() {\n${body}}\n`, 'long'],
      [`const long = () => {\n${body}};\n`, 'long'],
      [`class A { long() {\n${body}} }\n`, 'long'],
      [`class A { constructor() {\n${body}} }\n`, 'constructor'],
      [`const a = { long: function () {\n${body}} };\n`, 'long'],
      [`run(async () => {\n${body}});\n`, 'anonymous'],
    ];
    for (const [text, name] of forms) {
      assert.match(violationsIn('a.ts', text).join(), new RegExp(`${name}\\)? has 71 lines; the limit is 70`));
      assert.deepEqual(violationsIn('a.ts', text.replace('  a();\n', '')), [], text.slice(0, 40));
    }
  });

  it('reads a suite of tests as a list, but holds each test to the budget', () => {
    const body = lines(80);
    const list = lines(80, `  it('b', () => {});\n`);
    assert.deepEqual(violationsIn('a.test.ts', `describe('a', () => {\n${list}});\n`), []);
    assert.deepEqual(violationsIn('a.test.ts', `function testBinding() {\n${list}}\n`), []);
    assert.equal(violationsIn('a.ts', `function testBinding() {\n${list}}\n`).length, 1);
    assert.equal(violationsIn('a.test.ts', `it('a', () => {\n${body}});\n`).length, 1);
  });

  it('refuses five parameters and accepts four', () => {
    assert.match(violationsIn('a.ts', `function f(a, b, c, d, e) {}\n`)[0] ?? '', /f has 5 parameters; the limit is 4/);
    assert.deepEqual(violationsIn('a.ts', `function f(a, b, c, d) {}\n`), []);
  });

  it('accepts an exception up to its own limit, and reports one that is not needed', () => {
    const measurements = measure(new Map([['a.ts', `function f(a, b, c, d, e) {}\n`]]));
    const exception = { file: 'a.ts', rule: 'parameters', name: 'f', max: 5, reason: 'for this test' } as const;
    assert.deepEqual(checkSizes(measurements, [exception]), { violations: [], unused: [] });
    assert.equal(checkSizes(measurements, [{ ...exception, max: 4 }]).violations.length, 1);
    assert.equal(checkSizes([], [exception]).unused.length, 1);
  });
});
