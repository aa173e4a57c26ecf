import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';

const codeByFastifyCode: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported-media-type',
  FST_ERR_BAD_URL: 'request.unknown-address',
  FST_ERR_MAX_PARAM_LENGTH: 'request.unknown-address',
  FST_ERR_NOT_FOUND: 'request.unknown-address',
};

/** Any error of a request as one of the catalogue. An error of the HTTP layer is the caller's mistake; others stay as they are. */
export function asRequestError(error: unknown): PlatformError {
  if (error instanceof PlatformError || !(error instanceof Error)) return asPlatformError(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = codeByFastifyCode[code];
  if (known !== undefined) return new PlatformError(known, { cause: error });
  const status = 'statusCode' in error ? error.statusCode : undefined;
  const isRefusal = code.startsWith('FST_ERR_') && typeof status === 'number' && status >= 400 && status < 500;
  // The body ended before it was complete: no client is there to read the answer.
  const isCut = code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
  if (isCut) return new PlatformError('request.canceled', { cause: error });
  return isRefusal ? new PlatformError('request.invalid', { cause: error }) : asPlatformError(error);
}
