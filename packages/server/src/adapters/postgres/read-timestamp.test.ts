/** Guarantee: a time of the database is read as the driver reads it, and one in an unusual form is left to the driver. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as hold, date, integer, property } from 'fast-check';
import { types } from 'pg';
import { readTimestamp } from './read-timestamp.ts';

const timestamptz = 1184;
const readAsDriver = types.getTypeParser(timestamptz) as (text: string) => Date;

/** As PostgreSQL writes it: without the zeros at the end of a fraction. */
function written(time: Date, micros: number): string {
  const fraction = String(time.getUTCMilliseconds() * 1000 + micros)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const seconds = time.toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}+00`;
}

describe('a time in UTC', () => {
  it('is the time that the driver reads', () => {
    const years = {
      min: new Date('0100-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    };
    hold(
      property(date(years), integer({ min: 0, max: 999 }), (time, micros) => {
        const text = written(time, micros);
        assert.deepEqual(readTimestamp(text), readAsDriver(text), text);
        assert.equal(readTimestamp(text)?.getTime(), time.getTime(), text);
      }),
    );
  });

  it('is left to the driver when it is written in another way', () => {
    const others = [
      '2026-11-22 10:30:00.5+01',
      '2026-11-22 10:30:00+05:30',
      '0044-03-15 10:30:00+00 BC',
      '0044-03-15 10:30:00+00',
      '10000-01-01 00:00:00+00',
      'infinity',
      '-infinity',
      '',
    ];
    for (const text of others) assert.equal(readTimestamp(text), null, text);
  });
});
