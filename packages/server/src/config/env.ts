import { clientSettings, settings } from './settings.ts';
import type { Variable } from './settings.ts';

export type Env = { readonly [Name in Variable]?: string };

/** The platform's variables as they are set, and COLLOQUY_ names that it does not know. An empty variable counts as not set. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): {
  env: Env;
  unknown: readonly string[];
} {
  const env = Object.fromEntries(
    Object.keys(settings).flatMap((name) =>
      source[name] === undefined || source[name] === '' ? [] : [[name, source[name]]],
    ),
  );
  const unknown = Object.keys(source).filter(
    (name) => name.startsWith('COLLOQUY_') && !(name in settings) && !(name in clientSettings),
  );
  return { env, unknown };
}
