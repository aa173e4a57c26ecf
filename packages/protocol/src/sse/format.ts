/** One server-sent event. */
export interface SseFields {
  /** What a client sends back as `Last-Event-ID`. One line, no NUL. */
  readonly id?: string;
  /** Event type; absent means `message`. One line. */
  readonly event?: string;
  /** May hold line breaks: each line becomes a `data:` line, and the client joins them with LF. */
  readonly data: string;
  /** Reconnection time asked of the client. */
  readonly retryMs?: number;
}

const lineBreak = /\r\n|\n|\r/;

/**
 * Writes one event (HTML standard section 9.2), blank line included. Throws a RangeError for an id or event type that
 * would break out of its line: those are made by us, so this is a defect and not an input.
 */
export function formatSseEvent({ id, event, data, retryMs }: SseFields): string {
  const head =
    (id === undefined ? '' : `id: ${oneLine(id)}\n`) +
    (event === undefined ? '' : `event: ${oneLine(event)}\n`) +
    (retryMs === undefined ? '' : `retry: ${Math.max(0, Math.round(retryMs))}\n`);
  // JSON text has no raw line breaks, so the common case is one line.
  const lines = data.includes('\n') || data.includes('\r') ? data.split(lineBreak).join('\ndata: ') : data;
  return `${head}data: ${lines}\n\n`;
}

/** Writes a comment, which clients ignore: a heartbeat that keeps proxies from closing an idle stream. */
export function formatSseComment(comment: string): string {
  return `: ${comment.split(lineBreak).join('\n: ')}\n\n`;
}

function oneLine(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new RangeError('an SSE field must be one line without NUL');
  return value;
}
