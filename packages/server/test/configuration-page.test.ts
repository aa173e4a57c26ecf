/** Guarantee: docs/reference/configuration.md lists every environment variable as the platform reads it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { clientSettings, settings } from '../src/config/settings.ts';
import type { Setting } from '../src/config/settings.ts';

const page = new URL('../../../docs/reference/configuration.md', import.meta.url);

const head = `# Configuration

Written from \`packages/server/src/config/settings.ts\` by \`COLLOQUY_UPDATE_GOLDEN=1 npm test -- configuration-page\`; do not edit.

The platform reads environment variables once, at its start. An empty variable counts as not set. Unknown or contradictory variables stop the
start, and all mistakes are reported at once. Lists are separated by commas.
`;

const tail = `
## Command line

The \`colloquy\` command reads these. Options of a command come first, then these variables, then the profile.

| Variable | Meaning |
| --- | --- |
${Object.entries(clientSettings)
  .map(([name, about]) => `| \`${name}\` | ${about} |`)
  .join('\n')}

## Tests and measurements

| Variable | Meaning |
| --- | --- |
| \`COLLOQUY_TEST_ADMIN_URL\` | A PostgreSQL for the tests and suites; not set: they start one. |
| \`COLLOQUY_UPDATE_GOLDEN\` | \`1\`: tests write the pages and texts that they compare. |
`;

function typeOf(setting: Setting): string {
  if (setting.type === 'integer') return `integer, ${setting.unit}, ${setting.min} to ${setting.max}`;
  if (setting.type === 'choice') return setting.values.map((value) => `\`${value}\``).join(', ');
  if (setting.type === 'choices') return `list of ${setting.values.map((value) => `\`${value}\``).join(', ')}`;
  return setting.type;
}

function defaultOf({ default: value, otherwise }: Setting): string {
  const text = value === null ? 'not set' : `\`${String(value)}\``;
  return otherwise === undefined ? text : `${text}. ${otherwise}`;
}

function rowOf(name: string, setting: Setting): string {
  const example = setting.example === undefined ? '' : ` Example: \`${setting.example}\`.`;
  return `| \`${name}\` | ${typeOf(setting)} | ${defaultOf(setting)} | ${setting.about}${example} |`;
}

function pageText(): string {
  const rows: readonly (readonly [string, Setting])[] = Object.entries(settings);
  const groups = [...new Set(rows.map(([, { group }]) => group))].map((group) => {
    const ofGroup = rows
      .filter(([, setting]) => setting.group === group)
      .map(([name, setting]) => rowOf(name, setting));
    return `\n## ${group}\n\n| Variable | Type | Default | Meaning |\n| --- | --- | --- | --- |\n${ofGroup.join('\n')}\n`;
  });
  return [head, ...groups, tail].join('');
}

describe('the configuration page', () => {
  it('is the checked-in one; COLLOQUY_UPDATE_GOLDEN=1 writes it', async () => {
    const text = `<!-- prettier-ignore-start -->\n\n${pageText()}\n<!-- prettier-ignore-end -->\n`;
    if (process.env['COLLOQUY_UPDATE_GOLDEN'] === '1') await writeFile(page, text);
    assert.equal(text, await readFile(page, 'utf8'));
  });

  it('gives each variable a meaning that ends like a sentence, and defaults within their bounds', () => {
    const rows: readonly (readonly [string, Setting])[] = Object.entries(settings);
    for (const [name, setting] of rows) {
      assert.match(setting.about, /^[A-Z`].{5,}\.$/, name);
      if (setting.type === 'integer') assert.ok(setting.default >= setting.min && setting.default <= setting.max, name);
    }
  });
});
