export type MigrationErrorCode =
  | 'directory-unreadable'
  | 'checksum-changed'
  | 'database-newer'
  | 'out-of-order'
  | 'lock-timeout'
  | 'server-too-old'
  | 'unsafe-server'
  | 'statement-failed';

/** A failed migration. The message says what happened, then what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
