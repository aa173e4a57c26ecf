import { ColloquyError } from '@colloquy/sdk/client';
import type { ErrorKind } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import { operatorProfileAt, readProfiles } from './connection/profile.ts';
import type { Settings } from './connection/settings.ts';
import { exitStatus, statusOfKind } from './exit-status.ts';
import { scopesOf } from './option-groups.ts';
import { createPaint, hasColours } from './output/paint.ts';
import type { Paint } from './output/paint.ts';
import { printable } from './output/table.ts';
import { remedyFor } from './remedies.ts';
import type { Surroundings } from './surroundings.ts';
import { asTyped } from './typed-name.ts';
import { LocalError, UsageError } from './usage-error.ts';

/** The client that a command acted as; without its secret. */
interface Caller {
  readonly tenant: string;
  readonly clientId: string;
  readonly profile: string | undefined;
}

/** Failures whose cause may be that the command acted as another client, or in another tenant, than its user meant. */
const kindsOfWrongCaller: readonly ErrorKind[] = ['unauthenticated', 'forbidden', 'not-found', 'payment-required'];

export interface ReportOptions {
  readonly json: boolean;
  /** The settings that the command used; undefined when it did not get that far. */
  readonly settings: Settings | undefined;
  /** Undefined when the command line was not understood. */
  readonly args: Arguments | undefined;
}

interface Report {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly actingAs?: Caller | undefined;
  readonly requestId?: string | undefined;
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  readonly details?: Readonly<Record<string, string>>;
}

/** Prints what happened and what to do, and returns the exit status. With `--json` as one value on stdout. */
export function reportError(
  error: unknown,
  surroundings: Surroundings,
  { json, settings, args }: ReportOptions,
): number {
  if (surroundings.signal.aborted) return exitStatus.interrupted;
  const { status, ...raw } = reportOf(error, {
    settings,
    args,
    operatorProfile: operatorProfileFor(settings, surroundings.env),
  });
  const isOwn = error instanceof UsageError || error instanceof LocalError;
  const typed = (text: string): string => asTyped(text, surroundings.env);
  const report = { ...raw, message: isOwn ? typed(raw.message) : raw.message, remedy: typed(raw.remedy) };
  if (json) surroundings.stdout.write(`${JSON.stringify({ error: report, exitStatus: status })}\n`);
  else
    surroundings.stderr.write(
      textOf({ status, ...report }, createPaint(hasColours(surroundings.stderr, surroundings.env))),
    );
  return status;
}

interface FailedRun {
  readonly settings: Settings | undefined;
  readonly args: Arguments | undefined;
  readonly operatorProfile: string | undefined;
}

function reportOf(error: unknown, { settings, args, operatorProfile }: FailedRun): Report {
  if (error instanceof UsageError) {
    return { status: exitStatus.usage, code: 'cli.usage', message: error.message, remedy: error.remedy };
  }
  if (error instanceof LocalError) {
    return { status: exitStatus.unexpected, code: 'cli.local', message: error.message, remedy: error.remedy };
  }
  if (error instanceof ColloquyError) {
    const { code, kind, message, requestId, violations, details } = error;
    const remedy = remedyFor(error, {
      tenant: settings?.tenant,
      url: typedUrl(args),
      scopes: typedScopes(args),
      operatorProfile,
    });
    const actingAs = settings !== undefined && kindsOfWrongCaller.includes(kind) ? callerOf(settings) : undefined;
    return { status: statusOfKind(kind), code, message, remedy, actingAs, requestId, violations, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: exitStatus.unexpected,
    code: 'cli.unexpected',
    message,
    remedy: 'Report this message and the command line.',
  };
}

/** The URL that the command is about: an argument, never an option. */
function typedUrl(args: Arguments | undefined): URL | undefined {
  const typed = [0, 1].map((place) => URL.parse(args?.positional(place) ?? ''));
  return typed.find((url) => url !== null && ['http:', 'https:'].includes(url.protocol)) ?? undefined;
}

function typedScopes(args: Arguments | undefined): readonly string[] {
  return args === undefined ? [] : scopesOf(args);
}

/** The settings exist only when the profiles could be read. */
function operatorProfileFor(settings: Settings | undefined, env: Surroundings['env']): string | undefined {
  return settings === undefined ? undefined : operatorProfileAt(settings.url, readProfiles(env));
}

function callerOf({ tenant, clientId, profile }: Settings): Caller {
  return { tenant, clientId, profile };
}

function actingText({ tenant, clientId, profile }: Caller): string {
  return `  acting as: client ${clientId} in tenant ${tenant}${profile === undefined ? '' : ` (profile "${profile}")`}`;
}

function textOf({ message, remedy, actingAs, requestId, violations = [] }: Report, paint: Paint): string {
  const lines = [
    `${paint.bad('error:')} ${printable(message)}`,
    ...violations.map(({ field, description }) => printable(`  ${field === '' ? 'request' : field}: ${description}`)),
    ...(actingAs === undefined ? [] : [printable(actingText(actingAs))]),
    `  ${paint.accent('what to do:')} ${printable(remedy)}`,
    ...(requestId === undefined ? [] : [printable(`  request id: ${requestId}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
