import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Command } from '../command.ts';
import { lastEntryIn } from '../last-entry.ts';
import { UsageError } from '../usage-error.ts';

const formats = ['jsonl', 'cef', 'otlp'] as const;

export const auditExport: Command = {
  name: 'audit export',
  summary: 'Write the sealed audit entries of the tenant to a file',
  positionals: ['file'],
  options: {
    format: { type: 'string', value: 'format', description: 'jsonl (can be verified), cef or otlp; default jsonl' },
    'after-seq': { type: 'string', value: 'n', description: 'Only what follows this sequence' },
  },
  connects: true,
  details: 'Needs the scope audit:read. A file in jsonl that is there already is continued behind its last entry.',
  examples: ['colloquy audit export audit.jsonl', 'colloquy audit export audit.cef --format cef --after-seq 120000'],
  async run({ args, client, output, signal }) {
    const wanted = args.text('format') ?? 'jsonl';
    const format = formats.find((name) => name === wanted);
    if (format === undefined) throw new UsageError(`"${wanted}" is no format.`, `Use one of: ${formats.join(', ')}.`);
    const path = args.positional(0);
    const { admin } = client();
    const start =
      args.wholeNumber('after-seq', 0, Number.MAX_SAFE_INTEGER) ??
      (format === 'jsonl' ? ((await lastEntryIn(path))?.seq ?? 0) : 0);
    const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    let lines = 0;
    try {
      for (let afterSeq: number | undefined = start; afterSeq !== undefined;) {
        const page = await admin.exportAudit({ afterSeq, format, signal });
        for (const line of page.lines) if (!file.write(`${line}\n`)) await once(file, 'drain');
        lines += page.lines.length;
        afterSeq = page.next;
      }
    } finally {
      file.end();
      await once(file, 'close');
    }
    output.print({ file: path, format, afterSeq: start, lines }, `Wrote ${lines} lines to ${path}.`);
  },
};
