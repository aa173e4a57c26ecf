import type { SecretKeyState } from '@colloquy/sdk/client';
import { facts } from './table.ts';

/** How the keys of secrets stand, for people. */
export function secretText({ kekId, rotation }: SecretKeyState): string {
  if (rotation === undefined) return facts([['key', kekId]]);
  return facts([
    ['key', kekId],
    ['rotation', rotation.stage],
    ['asked', `${rotation.askedAt} by ${rotation.askedBy}`],
    ['data keys', rotation.renewsDataKeys ? 'renewed' : 'kept'],
    ['sealed anew', String(rotation.resealed)],
    ['unreadable', String(rotation.unreadable)],
    ['finished', rotation.finishedAt ?? 'not yet'],
  ]);
}
