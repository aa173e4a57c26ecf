/** Whether a key-encryption key is the one that wraps now: a worker that was slow may hold one that is not any more. */
export const isCurrent = (kekId: string): string =>
  `exists (select from colloquy.key_encryption_keys k where k.kek_id = ${kekId} and k.retired_at is null)`;
