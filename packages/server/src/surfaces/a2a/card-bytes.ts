import type { ServedCard } from '../../modules/registry/index.ts';
import type { CardForm } from './card-forms.ts';

/** A card is kept for a while, and its bytes with it. */
const written = new WeakMap<ServedCard, Map<CardForm, Buffer>>();

/** A served card in a form, written once. */
export function cardBytes(served: ServedCard, form: CardForm): Buffer {
  const known = written.get(served);
  const bytes = known?.get(form) ?? encode(form.encode(served.card));
  if (known === undefined) written.set(served, new Map([[form, bytes]]));
  else known.set(form, bytes);
  return bytes;
}

/** Not in the pool that Node shares out: a few kilobytes that are kept would keep all eight of it. */
function encode(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
