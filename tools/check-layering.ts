/** Prints every import that breaks the table of layering-rules.ts; the status is 1 if there is one. */
import { checkLayering } from './layering.ts';
import { readSources } from './source-tree.ts';
import { readManifests } from './workspace-manifests.ts';

const sources = readSources();
const { violations, arrows } = checkLayering(sources, readManifests());
for (const { file, line, message } of violations) console.log(`${file}:${line}: ${message}`);
console.log(`layering: ${sources.size} files, ${arrows.size} kinds of arrow, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
