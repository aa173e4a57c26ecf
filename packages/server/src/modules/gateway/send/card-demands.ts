import type { Message } from '@colloquy/protocol';
import { PlatformError } from '../../../kernel/errors.ts';
import { isOwnExtension } from '../../registry/index.ts';
import type { Route } from '../../routing/index.ts';

/** The part of a send that an agent's card has demands on. */
interface Demanded {
  readonly request: { readonly message: Message };
  readonly options: { readonly extensions?: readonly string[] };
}

/**
 * Throws `task.extension-required` when the card requires an extension that the caller did not request, and `task.media-type-unsupported` when
 * a part has a media type that neither the card nor a skill accepts (A2A 1.0 sections 3.1.1 and 3.3.4).
 */
export function assertCardDemands({ inputModes, extensions }: Route, { request, options }: Demanded): void {
  const missing = extensions.filter(({ uri, required }) => required && !isNamed(uri, options));
  if (missing.length > 0) {
    throw new PlatformError('task.extension-required', {
      details: { extensions: missing.map(({ uri }) => uri).join(',') },
    });
  }
  if (inputModes.length === 0) return;
  const violations = request.message.parts.flatMap(({ mediaType }, at) =>
    mediaType === undefined || inputModes.some((mode) => takes(essenceOf(mode), essenceOf(mediaType)))
      ? []
      : [{ field: `message.parts[${at}].mediaType`, description: `must be one of ${inputModes.join(', ')}` }],
  );
  if (violations.length > 0) throw new PlatformError('task.media-type-unsupported', { violations });
}

/** The extensions in use: those that the caller requested and the card declares, without our own. The agent is told of no others. */
export function activeExtensions({ extensions }: Route, { options }: Pick<Demanded, 'options'>): readonly string[] {
  return extensions.filter(({ uri }) => isNamed(uri, options) && !isOwnExtension(uri)).map(({ uri }) => uri);
}

const isNamed = (uri: string, { extensions }: Demanded['options']): boolean => extensions?.includes(uri) === true;

const essenceOf = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase();

/** Ranges are those of an Accept header (RFC 9110 section 12.5.1); cards from before 1.0 also say `text`. */
function takes(mode: string, type: string): boolean {
  if (mode === type || mode === '*/*' || mode === '*') return true;
  const family = mode.endsWith('/*') ? mode.slice(0, -1) : `${mode}/`;
  return (mode.endsWith('/*') || !mode.includes('/')) && type.startsWith(family);
}
