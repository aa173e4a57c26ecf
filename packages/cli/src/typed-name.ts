/** The environment of this program. */
export type Env = Readonly<Record<string, string | undefined>>;

const name = 'colloquy';

/** How the user started this program. npx puts it on no path, so a command line without "npx" could not be run. */
export function typedName(env: Env): string {
  return env['npm_lifecycle_event'] === 'npx' ? `npx ${name}` : name;
}

/** One of our own texts, with the command lines in it written as the user has to type them. */
export function asTyped(text: string, env: Env): string {
  const typed = typedName(env);
  return typed === name ? text : text.replaceAll(/(?<=^ *| {2}|: |")colloquy(?=[\s"])/gm, typed);
}
