import type { PeerError } from '@colloquy/protocol/errors';
import type { ClientOutcome } from '@colloquy/protocol/v1';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { PlatformErrorOptions } from '../../kernel/errors.ts';

/** Errors of undici that tell more than that the connection broke. */
const codeOfTransportError: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['UND_ERR_HEADERS_TIMEOUT', 'upstream.timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'upstream.timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'upstream.too-large'],
]);

/** A failure of the connection. `wasStarted`: bytes of the request may have left. */
export function transportFault(error: Error, wasStarted: boolean): PlatformError {
  if (error instanceof PlatformError && error.code !== 'egress.refused') return error;
  if (!wasStarted) return new PlatformError('upstream.unreachable', { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const otherwise = isBadGrammar(error) ? 'upstream.invalid-answer' : 'upstream.outcome-unknown';
  return new PlatformError(codeOfTransportError.get(code) ?? otherwise, { cause: error });
}

/** What the agent sent is no HTTP. undici reports an end inside a message in the same way; that is a break, and its own matter. */
function isBadGrammar({ name, message }: Error): boolean {
  return name === 'HTTPParserError' && !message.includes('EOF');
}

/** The agent's JSON-RPC error: a name of a known shape and its number. Its text goes nowhere. `waitMs`: it asks to be left alone for so long. */
export function agentRefusal({ name, reason, code }: PeerError, waitMs: number | null = null): PlatformError {
  const agentError = reason !== undefined && reasonShape.test(reason) ? reason : name;
  const cause = new Error(`the agent answered ${agentError} (${code ?? 'no code'})`);
  return new PlatformError('upstream.refused', { details: { agentError }, cause, ...afterWait(waitMs) });
}

/** What an answer without a value means. */
export function answerFault(outcome: Exclude<ClientOutcome<unknown>, { kind: 'value' }>): PlatformError {
  if (outcome.kind === 'agent-error') return agentRefusal(outcome.error);
  const places = outcome.violations.map(({ field, description }) => `${field} ${description}`);
  return invalidAnswer([outcome.message, ...places].join('; '));
}

/** An HTTP status that is no success, from an agent that did not say more. */
export function statusRefusal(status: number, waitMs: number | null = null): PlatformError {
  return new PlatformError('upstream.refused', { details: { agentError: `HTTP_${status}` }, ...afterWait(waitMs) });
}

const afterWait = (waitMs: number | null): Pick<PlatformErrorOptions, 'retry'> =>
  waitMs === null ? {} : { retry: { kind: 'after', retryAfterMs: waitMs } };

/** An answer that is no A2A. `problem` says where it breaks the protocol; it reaches the log only, without what it quotes. */
export function invalidAnswer(problem: string): PlatformError {
  return new PlatformError('upstream.invalid-answer', { cause: new Error(problem.replaceAll(quotation, '"…"')) });
}

/** The keys of an agent's JSON are the agent's words, and may be its tenant's secrets. */
const quotation = /"(?:[^"\\]|\\.)*"/g;

/** `google.rpc.ErrorInfo.reason`: at most 63 characters of UPPER_SNAKE_CASE. */
const reasonShape = /^[A-Z][A-Z0-9_]{0,61}[A-Z0-9]$/;
