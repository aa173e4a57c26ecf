import { ColloquyError } from '@colloquy/sdk/client';
import { exitStatus, statusOfKind } from './exit-status.ts';
import { createPaint, hasColours } from './output/paint.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/table.ts';
import { remedyFor } from './remedies.ts';
import type { Surroundings } from './surroundings.ts';
import { LocalError, UsageError } from './usage-error.ts';

interface Report {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly requestId?: string | undefined;
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
}

/** Prints what happened and what to do, and returns the exit status. With `--json` as one value on stdout. */
export function reportError(error: unknown, surroundings: Surroundings, json: boolean): number {
  if (surroundings.signal.aborted) return exitStatus.interrupted;
  const { status, ...report } = reportOf(error);
  if (json) surroundings.stdout.write(`${JSON.stringify({ error: report, exitStatus: status })}\n`);
  else
    surroundings.stderr.write(
      textOf({ status, ...report }, createPaint(hasColours(surroundings.stderr, surroundings.env))),
    );
  return status;
}

function reportOf(error: unknown): Report {
  if (error instanceof UsageError) {
    return { status: exitStatus.usage, code: 'cli.usage', message: error.message, remedy: error.remedy };
  }
  if (error instanceof LocalError) {
    return { status: exitStatus.unexpected, code: 'cli.local', message: error.message, remedy: error.remedy };
  }
  if (error instanceof ColloquyError) {
    const { code, message, requestId, violations } = error;
    return { status: statusOfKind(error.kind), code, message, remedy: remedyFor(error), requestId, violations };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: exitStatus.unexpected,
    code: 'cli.unexpected',
    message,
    remedy: 'Report this message and the command line.',
  };
}

function textOf({ message, remedy, requestId, violations = [] }: Report, paint: Paint): string {
  const lines = [
    `${paint.bad('error:')} ${printable(message)}`,
    ...violations.map(({ field, description }) => printable(`  ${field === '' ? 'request' : field}: ${description}`)),
    `  ${paint.accent('what to do:')} ${printable(remedy)}`,
    ...(requestId === undefined ? [] : [printable(`  request id: ${requestId}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
