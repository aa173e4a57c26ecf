/** Guarantee: docs/reference/cli.md lists every command as the command line reads it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { commands } from '../src/cli.ts';
import type { Command, OptionSpecs } from '../src/command.ts';
import { exitStatusHelp } from '../src/exit-status.ts';
import { groups } from '../src/groups.ts';
import { topics } from '../src/help.ts';
import { commonOptions, connectionOptions } from '../src/option-groups.ts';

const page = new URL('../../../docs/reference/cli.md', import.meta.url);

const head = `# Command line

Written from the commands in \`packages/cli/src/commands\` by \`COLLOQUY_UPDATE_GOLDEN=1 npm test -- cli-page\`; do not edit.

A command is a noun and a verb, or one word. Options come after the command. \`colloquy <command> --help\` shows the same text;
[install completion](../how-to/install-completion.md) to complete commands, options and values with the Tab key.

`;

const linkOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** Quoted command lines and placeholders as code, which Markdown does not read as HTML. */
const withCode = (text: string): string => text.replaceAll(/"(colloquy [^"]*|[^"]*<[^"]*)"/g, '`$1`');

function tableOf(options: OptionSpecs): string {
  const rows = Object.entries(options).map(([name, { value, description, choices, multiple }]) => {
    const notes = [
      ...(choices === undefined ? [] : [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
      ...(multiple === true ? ['may be repeated'] : []),
    ];
    const flag = `\`--${name}${value === undefined ? '' : ` <${value}>`}\``;
    return `| ${flag} | ${[description, ...notes].join('; ')} |`;
  });
  return ['| Option | Meaning |', '| --- | --- |', ...rows].join('\n');
}

function sectionOf({ name, summary, details, positionals, options, connects, examples }: Command): string {
  const usage = ['colloquy', name, ...positionals, '[options]'].join(' ');
  const more = details === undefined ? [] : [withCode(details.replaceAll('\n', ' '))];
  const own = Object.keys(options).length === 0 ? [] : [tableOf(options)];
  const shown = examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``];
  const shared = connects ? [] : ['Takes no [connection options](#options-of-every-command).'];
  return [`### ${name}`, `${summary}.`, `\`${usage}\``, ...more, ...own, ...shared, ...shown].join('\n\n');
}

const commandsOf = (noun: string): readonly Command[] =>
  commands.filter(({ name }) => name === noun || name.startsWith(`${noun} `));

function pageText(): string {
  const list = groups.map(({ title, nouns }) => {
    const links = Object.keys(nouns).flatMap((noun) =>
      commandsOf(noun).map(({ name }) => `[${name}](#${linkOf(name)})`),
    );
    return `| [${title}](#${linkOf(title)}) | ${links.join(', ')} |`;
  });
  const sections = groups.map(({ title, nouns }) =>
    [`## ${title}`, ...Object.keys(nouns).flatMap((noun) => commandsOf(noun).map(sectionOf))].join('\n\n'),
  );
  const shared = [
    '## Options of every command',
    tableOf(commonOptions),
    'Commands that call the platform also take these connection options:',
    tableOf(connectionOptions),
    `\`\`\`text\n${topics['environment'] ?? ''}\n\`\`\``,
  ];
  const statuses = exitStatusHelp.map(([status, meaning]) => `| ${status} | ${meaning} |`);
  const exit = ['## Exit statuses', ['| Status | Meaning |', '| --- | --- |', ...statuses].join('\n')];
  return `${head}${['| Task | Commands |', '| --- | --- |', ...list].join('\n')}\n\n${[...sections, ...shared, ...exit].join('\n\n')}\n`;
}

describe('the page of commands', () => {
  it('is the checked-in one; COLLOQUY_UPDATE_GOLDEN=1 writes it', async () => {
    const text = `<!-- prettier-ignore-start -->\n\n${pageText()}\n<!-- prettier-ignore-end -->\n`;
    if (process.env['COLLOQUY_UPDATE_GOLDEN'] === '1') await writeFile(page, text);
    assert.equal(text, await readFile(page, 'utf8'));
  });

  it('has each command once, under one task', () => {
    const listed = groups.flatMap(({ nouns }) => Object.keys(nouns).flatMap((noun) => commandsOf(noun)));
    assert.deepEqual(listed.map(({ name }) => name).toSorted(), commands.map(({ name }) => name).toSorted());
  });

  it('has an example of each command', () => {
    const without = commands.filter(
      ({ name, examples }) => !examples.some((line) => line.includes(`colloquy ${name}`)),
    );
    assert.deepEqual(without, []);
  });
});
