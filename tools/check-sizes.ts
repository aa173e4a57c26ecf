/** Prints every file and function over its budget, and the spread of all sizes; the status is 1 if one is over. */
import { sizeExceptions } from './size-exceptions.ts';
import { checkSizes, measure, spread } from './sizes.ts';
import type { SizeRule } from './sizes.ts';
import { readSources } from './source-tree.ts';

const measurements = measure(readSources());
const { violations, unused } = checkSizes(measurements, sizeExceptions);
for (const violation of violations) console.log(violation);
for (const { file, rule, name } of unused)
  console.log(`${file}: the exception for ${rule} ${name ?? ''} is not needed`);

const rules: readonly SizeRule[] = ['fileLines', 'testFileLines', 'functionLines', 'parameters'];
for (const rule of rules) {
  const sizes = measurements.filter((measured) => measured.rule === rule).map(({ size }) => size);
  const { median, p95, max } = spread(sizes);
  console.log(`${rule}: ${sizes.length} measured, median ${median}, p95 ${p95}, largest ${max}`);
}
process.exitCode = violations.length + unused.length === 0 ? 0 : 1;
