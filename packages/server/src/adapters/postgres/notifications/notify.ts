import type { Statement } from '../statement.ts';

/** One notification that several ids share. */
export function notify(channel: string, payload: string): Statement {
  return { name: 'notify', text: `select pg_notify($1, $2)`, values: [channel, payload] };
}
