import { commonOptions } from './arguments.ts';
import type { OptionSpecs } from './command-shape.ts';
import type { Command } from './command.ts';
import { connectionOptions } from './connection/connection-options.ts';
import { exitStatusHelp } from './exit-status.ts';

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    'colloquy — the platform between your agents',
    '',
    'Usage: colloquy <command> [arguments] [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
    '',
    'Each command has --help and --json. Where the platform is and who calls come from options, from the',
    'environment (COLLOQUY_URL, COLLOQUY_TENANT, COLLOQUY_CLIENT_ID, COLLOQUY_CLIENT_SECRET) or from the',
    'profile that "colloquy init" keeps.',
    '',
    'Exit status:',
    ...exitStatusHelp.map(([status, meaning]) => `  ${String(status).padStart(3)}  ${meaning}`),
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const usage = ['colloquy', command.name, ...command.positionals].join(' ');
  return [
    `colloquy ${command.name} — ${command.summary}`,
    '',
    `Usage: ${usage} [options]`,
    ...(command.details === undefined ? [] : ['', command.details]),
    ...section('Options:', { ...command.options, ...commonOptions }),
    ...(command.connects ? section('Connection:', connectionOptions) : []),
    ...(command.examples.length === 0 ? [] : ['', 'Examples:', ...command.examples.map((line) => `  ${line}`)]),
  ].join('\n');
}

/** The help of a noun that has several verbs. */
export function nounHelp(noun: string, commands: readonly Command[]): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    `Usage: colloquy ${noun} <verb> [arguments] [options]`,
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
  ].join('\n');
}

function section(title: string, specs: OptionSpecs): readonly string[] {
  const rows = Object.entries(specs).map(([name, { value, description, multiple }]) => {
    const left = `--${name}${value === undefined ? '' : ` <${value}>`}`;
    return [left, `${description}${multiple === true ? '; may be repeated' : ''}`] as const;
  });
  const widest = Math.max(...rows.map(([left]) => left.length));
  return ['', title, ...rows.map(([left, right]) => `  ${left.padEnd(widest)}  ${right}`)];
}
