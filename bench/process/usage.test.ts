/** Guarantee: CPU and memory figures belong to the process they are said to belong to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cpuMsOf, familyOf, parseStat, rssMbOf } from './usage.ts';

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc' };

describe('process usage', () => {
  it('reads the fields after a name that holds brackets and spaces', () => {
    const line = '42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 250 30 9 9 20 0 1 0 5 0 0';
    assert.deepEqual(parseStat(line), { parentPid: 7, userTicks: 250, systemTicks: 30 });
    assert.equal(parseStat(''), undefined);
  });

  it('sees this process', onLinux, () => {
    const rssMb = process.memoryUsage().rss / 1e6;
    assert.ok(Math.abs(rssMbOf(process.pid) - rssMb) < 30);
    const before = cpuMsOf(process.pid);
    const until = performance.now() + 60;
    while (performance.now() < until);
    assert.ok(cpuMsOf(process.pid) > before);
    assert.ok(familyOf(process.ppid).includes(process.pid));
  });

  it('says nothing for a process that is gone', () => {
    assert.equal(cpuMsOf(2 ** 30), 0);
    assert.equal(rssMbOf(2 ** 30), 0);
  });
});
