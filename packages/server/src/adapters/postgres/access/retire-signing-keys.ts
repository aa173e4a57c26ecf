import type { Statement } from '../statement.ts';

/** Retires keys that a younger one has been in use beside for long enough. Needs the lock of `lockSigningKeys` before it. */
export function retireSigningKeys(besideMs: number): Statement {
  return {
    name: 'retire-signing-keys',
    text: `
      update colloquy.signing_keys k set retired_at = colloquy.now_utc()
      where k.retired_at is null and exists (
        select from colloquy.signing_keys y
        where y.retired_at is null and y.created_at > k.created_at
          and y.created_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond')`,
    values: [besideMs],
  };
}
