import type { FieldViolation } from './error-details.ts';

/**
 * The only error a decoder throws: the value breaks the protocol. Carries every broken rule found, in document
 * order, up to the decoder's bound. Rendered as `InvalidParamsError` for a request from a caller and as
 * `InvalidAgentResponseError` for an answer from an agent.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly violations: readonly FieldViolation[];

  constructor(violations: readonly FieldViolation[]) {
    super(
      violations.map(({ field, description }) => (field === '' ? description : `${field}: ${description}`)).join('; '),
    );
    this.violations = violations;
  }
}
