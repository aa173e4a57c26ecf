import { costUri, streamCursorUri } from '../../registry/index.ts';

/** The extensions that a caller requests. */
interface NamedExtensions {
  readonly extensions?: readonly string[];
}

/** Whether the caller requests cursors. */
export function asksForCursors({ extensions }: NamedExtensions): boolean {
  return extensions?.includes(streamCursorUri) === true;
}

/** Whether the caller requests the costs of its tasks. */
export function asksForCost({ extensions }: NamedExtensions): boolean {
  return extensions?.includes(costUri) === true;
}

/** The extensions that are active on a stream whose caller requests these. */
export function streamExtensions(named: NamedExtensions): readonly string[] {
  return [...(asksForCursors(named) ? [streamCursorUri] : []), ...answerExtensions(named)];
}

/** The extensions that are active on an answer with tasks whose caller requests these. */
export function answerExtensions(named: NamedExtensions): readonly string[] {
  return asksForCost(named) ? [costUri] : [];
}
