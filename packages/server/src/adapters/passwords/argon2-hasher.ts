import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { PasswordHasher } from '../../modules/people/index.ts';

/** RFC 9106 with the least that OWASP asks of argon2id: 19 MiB, two passes, one lane. */
const memoryKib = 19 * 1024;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;
const saltBytes = 16;
const prefix = `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$`;
const unknownUser = `${prefix}${Buffer.alloc(saltBytes).toString('base64')}$${Buffer.alloc(tagBytes).toString('base64')}`;

/** Argon2id, a few at a time: each takes 19 MiB and tens of milliseconds, so that unauthenticated clients cannot exhaust the machine with it. */
export class Argon2Hasher implements PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    return `${prefix}${unpadded(salt)}$${unpadded(await this.#derive(password, salt))}`;
  }

  async verify(password: string, kept: string | null): Promise<boolean> {
    const [salt = '', tag = ''] = (kept ?? unknownUser).slice(prefix.length).split('$');
    const derived = await this.#derive(password, Buffer.from(salt, 'base64'));
    const expected = Buffer.from(tag, 'base64');
    return kept !== null && expected.length === tagBytes && timingSafeEqual(derived, expected);
  }

  async #derive(password: string, nonce: Uint8Array): Promise<Buffer> {
    await this.#enter();
    try {
      return await new Promise((resolve, reject) => {
        const message = password.normalize('NFC');
        argon2(
          'argon2id',
          { message, nonce, memory: memoryKib, passes, parallelism, tagLength: tagBytes },
          (error, key) => (error === null ? resolve(key) : reject(error)),
        );
      });
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < limits.passwordHashesAtOnceMax) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= limits.passwordHashesWaitingMax) throw new PlatformError('platform.overloaded');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The longest waiting call runs next. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
