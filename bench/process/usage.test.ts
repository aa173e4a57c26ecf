/** Guarantee: CPU and memory figures belong to the process they are said to belong to. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { cpuMsOf, cpuMsOfFamily, parseStat, rssMbOf } from './usage.ts';

const onLinux = { skip: process.platform !== 'linux' && 'reads /proc' };

describe('process usage', () => {
  it('reads the fields after a name that holds brackets and spaces', () => {
    const line = '42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 250 30 9 9 20 0 1 0 5 0 0';
    assert.deepEqual(parseStat(line), { parentPid: 7, userTicks: 250, systemTicks: 30, endedTicks: 18 });
    assert.equal(parseStat(''), undefined);
  });

  it('sees this process', onLinux, () => {
    const rssMb = process.memoryUsage().rss / 1e6;
    assert.ok(Math.abs(rssMbOf(process.pid) - rssMb) < 30);
    const before = cpuMsOf(process.pid);
    const until = performance.now() + 60;
    while (performance.now() < until);
    assert.ok(cpuMsOf(process.pid) > before);
  });

  it('keeps what a child has used when the child has ended', onLinux, () => {
    const [own, before] = [cpuMsOf(process.pid), cpuMsOfFamily(process.pid)];
    const burn = 'const until = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < until);';
    execFileSync(process.execPath, ['--eval', burn]);
    const ofChildren = cpuMsOfFamily(process.pid) - before - (cpuMsOf(process.pid) - own);
    assert.ok(ofChildren >= 190, `${String(ofChildren)} ms`);
  });

  it('counts what a child has used while it lives', onLinux, async () => {
    const ofChildren = (): number => cpuMsOfFamily(process.pid) - cpuMsOf(process.pid);
    const before = ofChildren();
    const burn = `const until = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < until); console.log(); setInterval(() => 0, 1e6);`;
    const child = spawn(process.execPath, ['--eval', burn], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      assert.ok(ofChildren() - before >= 190);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('says nothing for a process that is gone', () => {
    assert.equal(cpuMsOf(2 ** 30), 0);
    assert.equal(rssMbOf(2 ** 30), 0);
  });
});
