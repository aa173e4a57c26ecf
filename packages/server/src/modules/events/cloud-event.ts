import type { StoredEvent } from './event-sink.ts';

/** The media type of one event in structured mode (CloudEvents 1.0, JSON format). */
export const cloudEventType = 'application/cloudevents+json; charset=utf-8';

/** The address of a tenant at the platform: the `source` of its events. */
export function eventSource(publicUrl: string, tenantSlug: string): string {
  return `${publicUrl}/api/v1/tenants/${tenantSlug}`;
}

/**
 * One event in structured mode. The extension `sequence` orders the events of a source: texts of 20 digits, which sort as the numbers do. It is
 * absent in a test event.
 */
export function cloudEventText(
  event: Omit<StoredEvent, 'seq'> & { readonly seq: bigint | null },
  source: string,
): string {
  const { eventId, type, subject, time, dataJson, seq } = event;
  const attributes = {
    specversion: '1.0',
    id: eventId,
    source,
    type,
    subject,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    ...(seq === null ? {} : { sequence: String(seq).padStart(20, '0') }),
  };
  return `${JSON.stringify(attributes).slice(0, -1)},"data":${dataJson}}`;
}
