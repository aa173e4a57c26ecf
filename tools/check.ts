/**
 * What CI runs, in this order, fastest first.
 *
 *   npm run check                      everything
 *   npm run check -- --static          everything but the tests
 *   npm run check -- --only=lint       one step: format, lint, types, layering, sizes, words, generated or tests
 *
 * Every step runs, so one run shows every mistake; the status is 1 if a step failed. With --static the last line counts
 * the steps as a test run counts tests.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.dirname(import.meta.dirname);
const bin = (file: string): string => path.join(root, 'node_modules', file);
const tsc = bin('typescript/bin/tsc');

interface Step {
  readonly name: string;
  /** Commands for Node: a script and its arguments. */
  readonly commands: readonly (readonly string[])[];
}

const steps: readonly Step[] = [
  { name: 'format', commands: [[bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']] },
  { name: 'lint', commands: [[bin('oxlint/bin/oxlint'), '--deny-warnings']] },
  {
    name: 'types',
    commands: [
      [tsc, '-p', 'tsconfig.json'],
      [tsc, '-p', 'packages/protocol'],
      [tsc, '-p', 'packages/sdk'],
    ],
  },
  { name: 'layering', commands: [['tools/check-layering.ts']] },
  { name: 'sizes', commands: [['tools/check-sizes.ts']] },
  { name: 'words', commands: [['tools/english-words.ts']] },
  { name: 'generated', commands: [['tools/typed-client/generate.ts', '--check']] },
  { name: 'tests', commands: [['tools/run-tests.ts', '--budget-minutes=10']] },
];

function choose(): readonly Step[] {
  const { values } = parseArgs({ options: { only: { type: 'string' }, static: { type: 'boolean' } } });
  if (values.only !== undefined) return steps.filter(({ name }) => name === values.only);
  return values.static === true ? steps.filter(({ name }) => name !== 'tests') : steps;
}

/** Runs all commands of a step, also after one has failed. */
function passes(step: Step): boolean {
  const statuses = step.commands.map((command) => {
    const { status } = spawnSync(process.execPath, ['--conditions=source', ...command], {
      cwd: root,
      stdio: 'inherit',
    });
    return status;
  });
  return statuses.every((status) => status === 0);
}

const chosen = choose();
const failed: string[] = [];
for (const step of chosen) {
  const startedAt = performance.now();
  const good = passes(step);
  if (!good) failed.push(step.name);
  console.log(`${good ? 'ok  ' : 'FAIL'} ${step.name}  ${Math.round(performance.now() - startedAt)} ms`);
}
if (chosen.length === 0) console.log(`There is no such step; there are ${steps.map(({ name }) => name).join(', ')}.`);
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
const ranTests = chosen.some(({ name }) => name === 'tests');
if (!ranTests) console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && chosen.length > 0 ? 0 : 1;
