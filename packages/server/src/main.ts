import { parseArgs } from 'node:util';
import { startAnew } from './assembly/start-anew.ts';

await startAnew();
const { initCommand, runCommand } = await import('./assembly/commands.ts');
const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } });

// Without a command the platform runs; `init` makes an operator and prints its secret once.
process.exitCode = positionals[0] === 'init' ? await initCommand(values.name ?? 'operator') : await runCommand();
