import { parseArgs } from 'node:util';

const options = {
  once: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  'no-walk': { type: 'boolean', default: false },
} as const;

export const usage = `npm run demo -- [${Object.keys(options)
  .map((name) => `--${name}`)
  .join('] [')}]`;

/** What a command line asks for; when it asks for anything else, a sentence that says so. */
export function flagsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
