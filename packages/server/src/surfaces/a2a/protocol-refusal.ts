import type { A2aErrorName } from '@colloquy/protocol/errors';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { PlatformErrorOptions } from '../../kernel/errors.ts';

/** Refusals that only the wire knows, and what they are in the platform's catalogue. */
const codeOfRefusal = {
  ParseError: 'request.invalid',
  InvalidRequestError: 'request.invalid',
  VersionNotSupportedError: 'request.invalid',
  MethodNotFoundError: 'request.unknown-address',
  MethodNotAllowedError: 'request.unknown-address',
  UnsupportedOperationError: 'request.unknown-address',
} as const satisfies Partial<Record<A2aErrorName, ErrorCode>>;

/** A request that breaks the protocol before it means anything to the platform. */
export class ProtocolRefusal extends PlatformError {
  readonly errorName: A2aErrorName;

  constructor(errorName: keyof typeof codeOfRefusal, options: PlatformErrorOptions) {
    super(codeOfRefusal[errorName], options);
    this.errorName = errorName;
  }
}

/** The refusal of a method that no version has. */
export function unknownMethod(): ProtocolRefusal {
  return new ProtocolRefusal('MethodNotFoundError', { message: 'There is no such method.' });
}
