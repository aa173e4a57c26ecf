#!/usr/bin/env node
/**
 * `npx colloquy` in a clone in which nothing is installed yet: npm finds this file, because no dependency has a command of that name. It
 * installs the dependencies and starts the command; from then on npm finds the command of packages/cli. Plain JavaScript for Node >= 20.
 */
process.argv.splice(2, 0, 'packages/cli/src/main.ts');
await import('./ensure-install.mjs');
