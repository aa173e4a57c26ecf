/** From when a change holds: so each hour of UTC has one objective. */
export const nextHour = `date_trunc('hour', colloquy.now_utc(), 'UTC') + interval '1 hour'`;

/** The month of a report, from its first instant to that of the next: `YYYY-MM` of this place among the values, or the one in progress. */
export const monthAt = (place: string): string => `
  select b.begins, (b.begins at time zone 'UTC' + interval '1 month') at time zone 'UTC' as ends,
    date_trunc('hour', colloquy.now_utc(), 'UTC') as this_hour
  from (select coalesce((${place}::text || '-01')::timestamp at time zone 'UTC', date_trunc('month', colloquy.now_utc(), 'UTC')) as begins) b`;
