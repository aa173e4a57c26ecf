/**
 * `npm run security`: attacks a platform in every way that we know, and counts what came through. `--only ssrf,raw-http` chooses suites,
 * `--seed` repeats a run. See README.md.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { globalSetup, globalTeardown } from '@colloquy/testkit';
import { brokenOff, judge, linesOf, summaryOf } from './security/judge.ts';
import type { Judged } from './security/judge.ts';
import { suites } from './security/suites.ts';
import type { SecuritySuite } from './security/suites.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Names of suites, with commas between them. */
    only: { type: 'string' },
    /** The same as `--only memory`. */
    memory: { type: 'boolean', default: false },
    seed: { type: 'string' },
  },
});

const tier = options.quick ? 'quick' : 'full';
const seed = seedOf(options.seed ?? String(randomInt(1, 2 ** 31)));

function endWith(problem: string): never {
  console.error(problem);
  process.exit(2);
}

function seedOf(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : endWith(`--seed must be a whole number, not "${text}".`);
}

function chosenSuites(): readonly (readonly [string, SecuritySuite])[] {
  const all = Object.entries(suites);
  const only = options.memory ? 'memory' : options.only;
  if (only === undefined) return all;
  const names = new Set(only.split(','));
  for (const name of names)
    if (suites[name] === undefined)
      endWith(`There is no suite "${name}"; there are ${Object.keys(suites).join(', ')}.`);
  return all.filter(([name]) => names.has(name));
}

async function runOne(name: string, suite: SecuritySuite): Promise<Judged> {
  const startedMs = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedMs) / 100) / 10;
  try {
    const figures = await suite.run({ quick: options.quick, seed });
    return judge(name, figures, suite.least[tier], seconds());
  } catch (error) {
    return brokenOff(name, error, seconds());
  }
}

const chosen = chosenSuites();
console.log(`seed ${String(seed)}: ${chosen.map(([name]) => name).join(', ')} (${tier})`);
const judged: Judged[] = [];
await globalSetup();
try {
  for (const [name, suite] of chosen) {
    const one = await runOne(name, suite);
    judged.push(one);
    for (const line of linesOf(one, suite.promise)) console.log(line);
  }
} finally {
  await globalTeardown();
}
const isHeld = judged.every(({ ok }) => ok);
if (!isHeld) {
  const broken = judged.filter(({ ok }) => !ok).map(({ name }) => name);
  const words = [...(options.quick ? ['--quick'] : []), '--only', broken.join(), '--seed', String(seed)];
  console.log(`replay: npm run security -- ${words.join(' ')}`);
}
console.log(JSON.stringify(summaryOf(judged, { tier, seed })));
process.exitCode = isHeld ? 0 : 1;
