import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger, LoggerOptions as PinoOptions } from 'pino';
import { logFieldNames } from '../../kernel/log-fields.ts';

export interface LoggerOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** The stream of the lines; standard output by default. */
  readonly destination?: DestinationStream;
}

const textCharsMax = 1_000;
const itemsMax = 16;
const allowed: ReadonlySet<string> = new Set(logFieldNames);
/** Control characters of C0 and C1, and characters that some readers take for a line end: none may reach a terminal or begin another line. */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu; // oxlint-disable-line eslint/no-control-regex -- they are what it looks for

/**
 * A logger of JSON lines, one for each record. Fields are an allow-list, and their values are numbers, truth values and short texts:
 * an object of a library or of a request is dropped.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    level,
    base: null,
    messageKey: 'msg',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: allowedFields },
    hooks: {
      logMethod([fields, message], method) {
        method.apply(this, [fields, typeof message === 'string' ? clean(message) : '']);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function allowedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(fields).flatMap(([name, value]) => {
    const safe = allowed.has(name) ? safeValue(value) : undefined;
    return safe === undefined ? [] : [[name, safe] as const];
  });
  return Object.fromEntries(kept);
}

function safeValue(value: unknown): string | number | boolean | readonly string[] | undefined {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  return value
    .slice(0, itemsMax)
    .filter((item) => typeof item === 'string')
    .map(clean);
}

function clean(text: string): string {
  return text.slice(0, textCharsMax).toWellFormed().replace(controls, '\ufffd');
}
