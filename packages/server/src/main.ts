import { parseArgs } from 'node:util';
import { startAnew } from './assembly/start-anew.ts';

await startAnew();
const { checkDatabaseCommand, initCommand, runCommand } = await import('./assembly/commands.ts');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    'served-key': { type: 'string', multiple: true },
    'stop-at-end-of-input': { type: 'boolean' },
  },
});

// Without a command the platform runs; `init` makes an operator and prints its secret once; `check-database` judges the server of DATABASE_URL.
const commands: Readonly<Record<string, () => Promise<number>>> = {
  init: () => initCommand(values.name ?? 'operator', values['served-key'] ?? []),
  'check-database': checkDatabaseCommand,
};
const run = (): Promise<number> => runCommand(values['stop-at-end-of-input'] === true);
process.exitCode = await (commands[positionals[0] ?? ''] ?? run)();
