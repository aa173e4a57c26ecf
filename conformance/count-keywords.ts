/**
 * Compares keyword-counts.ts with a copy of the specification:
 *
 *   node conformance/count-keywords.ts path/to/specification.md
 *
 * The text is docs/specification.md of a2aproject/A2A at tag v1.0.1; it is no part of this repository.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { keywordCounts } from './keyword-counts.ts';

const heading = /^#{2,6}\s+(?:Appendix\s+)?([A-Z]\.\d+|[A-Z0-9][0-9.]*)[. ]/;

function countKeywords(specification: string): Readonly<Record<string, readonly [number, number]>> {
  const counts: Record<string, [number, number]> = {};
  let section = '';
  for (const line of specification.split('\n')) {
    section = heading.exec(line)?.[1]?.replace(/\.$/, '') ?? section;
    for (const [word] of line.matchAll(/\b(?:MUST|SHALL|SHOULD)\b/g)) {
      const count = (counts[section] ??= [0, 0]);
      count[word === 'SHOULD' ? 1 : 0] += 1;
    }
  }
  // It defines the words.
  delete counts['2.1'];
  return counts;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name a copy of the specification');
const counted = countKeywords(readFileSync(file, 'utf8'));
for (const section of new Set([...Object.keys(counted), ...Object.keys(keywordCounts)])) {
  if (isDeepStrictEqual(counted[section], keywordCounts[section])) continue;
  console.log(`${section}: counted ${String(counted[section])}, listed ${String(keywordCounts[section])}`);
  process.exitCode = 1;
}
if (process.exitCode !== 1) console.log(`${Object.keys(counted).length} sections agree`);
