/** Guarantee: an operator whose platform has ended reads the reason and the next step, not the way to find the reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainEnd } from './server-end.ts';
import type { ServerEnd } from './server-end.ts';

const heapTrace = `
<--- Last few GCs --->
[41:0x7f0b3c000000]    61234 ms: Mark-Compact (reduce) 1011.1 (1030.2) -> 1010.8 (1030.5) MB, pooled: 0 MB, 880.11 / 0.00 ms  (average mu = 0.1)
<--- JS stacktrace --->
FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0xe41dbe node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]`;

const ends: readonly (readonly [title: string, end: Partial<ServerEnd>, why: RegExp, remedy: RegExp])[] = [
  [
    'a full disk under the database',
    {
      status: 1,
      said: ['EmbeddedPostgresError disk-full: Running PostgreSQL on /srv/data failed: PANIC: No space left on device'],
    },
    /^There is no space left on the disk of \/srv\/data\.$/,
    /Free space there/,
  ],
  [
    'a full disk that no folder is named for',
    { status: 1, said: ['Error ENOSPC: ENOSPC: no space left on device, write'] },
    /no space left on the disk of \/data/,
    /--data-dir/,
  ],
  ['a full heap', { signal: 'SIGABRT', said: [heapTrace] }, /out of memory at 1011 MB of heap/, /--max-old-space-size/],
  [
    'another fatal error of V8',
    {
      signal: 'SIGTRAP',
      said: ['#\n# Fatal error in , line 0\n# Check failed: x.\n#'],
    },
    /V8 ended the platform: Check failed: x/,
    /Report/,
  ],
  ['a kill by the system', { signal: 'SIGKILL' }, /killed \(SIGKILL\).*memory/, /Out of memory/],
  ['another signal', { signal: 'SIGSEGV' }, /The signal SIGSEGV ended it/, /doctor/],
  [
    'what it said last',
    { status: 78, said: ['COLLOQUY_HTTP_PROT is unknown.'] },
    /^COLLOQUY_HTTP_PROT is unknown\.$/,
    /doctor/,
  ],
  ['nothing', { status: 3 }, /status 3/, /doctor/],
];

describe('the end of a platform that was not asked to stop', () => {
  for (const [title, end, why, remedy] of ends) {
    it(`is explained by ${title}`, () => {
      const reason = explainEnd({ status: null, signal: null, said: [], ...end }, '/data');
      assert.match(reason.why, why);
      assert.match(reason.remedy, remedy);
      assert.doesNotMatch(reason.why, /0x[0-9a-f]{6}|Mark-Compact/);
    });
  }
});
