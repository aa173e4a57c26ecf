import type { Arguments } from '../arguments.ts';
import type { OptionSpecs } from '../command.ts';

/** Options that set where the platform keeps its data. */
export const dataOptions: OptionSpecs = {
  'data-dir': {
    type: 'string',
    value: 'folder',
    description: 'Folder for the data of the platform (COLLOQUY_DATA_DIR)',
  },
};

type Env = Readonly<Record<string, string | undefined>>;

/** The environment of the platform's process: the user's, with what the options say. */
export function serverEnvironment(args: Arguments, env: Env): Env {
  const [port, dataDir] = [args.text('port'), args.text('data-dir')];
  return {
    ...env,
    ...(port === undefined ? {} : { COLLOQUY_HTTP_PORT: port }),
    ...(dataDir === undefined ? {} : { COLLOQUY_DATA_DIR: dataDir }),
  };
}
