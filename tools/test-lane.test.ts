/** Guarantee: a test run cannot look better than it was. Every way a file can fail to prove something is a failure. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { TestLane } from './test-lane.ts';
import type { TestFileResult, TestLaneOptions } from './test-lane.ts';

const bounds: TestLaneOptions = { testMs: 1_000, fileMs: 20_000, closeMs: 1_000, filesPerProcess: 10 };
const head = `import { describe, it, before } from 'node:test';\n`;
let folder = '';

async function write(source: string): Promise<string> {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.test.mts`);
  await writeFile(file, source.startsWith('//') ? source : head + source);
  return file;
}

/** Runs a file in a lane of its own. */
async function run(source: string, options: Partial<TestLaneOptions> = {}): Promise<TestFileResult> {
  const lane = new TestLane({ ...bounds, ...options });
  const result = await lane.run(await write(source));
  const left = await lane.close();
  if (left === undefined) return result;
  return { ...result, failures: [...result.failures, { name: 'lane', where: '', error: left }] };
}

function counts(result: TestFileResult): readonly [passed: number, failed: number, skipped: number] {
  return [result.passed, result.failures.length, result.skipped];
}

/** What the file does, and what must come out of it. */
const cases: readonly {
  readonly title: string;
  readonly source: string;
  readonly counts: readonly [passed: number, failed: number, skipped: number];
  readonly says?: RegExp;
}[] = [
  {
    title: 'counts single tests, neither suites nor parents of subtests',
    source: `describe('a', () => { it('1', () => {}); describe('b', () => { it('2', () => {}); }); });
      it('parent', async (t) => { await t.test('3', () => {}); await t.test('4', () => {}); });`,
    counts: [4, 0, 0],
  },
  {
    title: 'counts a failing subtest once, and names the way to it',
    source: `describe('outer', () => { it('parent', async (t) => { await t.test('leaf', () => { throw new Error('no'); }); }); });`,
    counts: [0, 1, 0],
    says: /^outer > parent > leaf\n[^]*Error: no/,
  },
  {
    title: 'counts a parent that fails after its subtests passed',
    source: `it('parent', async (t) => { await t.test('fine', () => {}); throw new Error('own'); });`,
    counts: [1, 1, 0],
    says: /own/,
  },
  {
    title: 'fails a file that crashes while it loads',
    source: `throw new Error('crash');`,
    counts: [0, 1, 0],
    says: /could not be loaded[^]*crash/,
  },
  { title: 'fails a file without a test', source: `export const nothing = 1;`, counts: [0, 1, 0], says: /no test/ },
  {
    title: 'fails a file that leaves before its tests are finished',
    source: `it('1', () => {}); it('2', async () => { await new Promise((r) => setTimeout(r, 100)); process.exit(0); });`,
    counts: [1, 1, 0],
    says: /before its tests were finished/,
  },
  {
    title: 'fails the tests around a broken hook and shows the cause',
    source: `describe('s', () => { before(() => { throw new Error('hook broke'); }); it('1', () => {}); });`,
    counts: [0, 2, 0],
    says: /hook broke/,
  },
  {
    title: 'fails a test that takes too long, and goes on with the next',
    source: `it('slow', async () => { await new Promise((r) => setTimeout(r, 60_000).unref()); }); it('next', () => {});`,
    counts: [1, 1, 0],
    says: /timed out/,
  },
  {
    title: 'fails a file that does not close what it opened, and says what that is',
    source: `import net from 'node:net'; it('1', () => { net.createServer().listen(0); });`,
    counts: [1, 1, 0],
    says: /kept running after its last test/,
  },
  {
    title: 'fails an error after the last test',
    source: `it('1', () => { setTimeout(() => { throw new Error('late'); }, 20); });`,
    counts: [1, 1, 0],
    says: /Error: late/,
  },
  {
    title: 'reports a test that did not run as skipped, not as passed',
    source: `it('1', { skip: 'not here' }, () => {}); it('2', () => {});`,
    counts: [1, 0, 1],
  },
  {
    title: 'counts a suite that did not run as one skipped test',
    source: `describe('all', { skip: 'not here' }, () => { it('1', () => {}); it('2', () => {}); });`,
    counts: [0, 0, 1],
  },
];

describe('one test file', { concurrency: 2 }, () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'test file '));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  for (const row of cases) {
    it(row.title, async () => {
      const result = await run(row.source);
      assert.deepEqual(counts(result), row.counts, JSON.stringify(result.failures));
      const told = result.failures.map(({ name, error }) => `${name}\n${error}`).join('\n');
      if (row.says !== undefined) assert.match(told + result.output, row.says);
    });
  }

  it('says which handle is still open', async () => {
    const source = `import net from 'node:net'; it('1', () => { net.createServer().listen(0); });`;
    const result = await run(source, { closeMs: 200 });
    assert.match(result.failures[0]?.error ?? '', /TCPServerWrap/);
  });

  it('ends the processes that a file leaves behind', async () => {
    const pidFile = path.join(folder, 'left-behind');
    const source = `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
      it('1', () => { const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
        child.unref(); writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); });`;
    const result = await run(source);
    assert.match(result.failures[0]?.error ?? '', /left processes running/);
    const left = Number(await readFile(pidFile, 'utf8'));
    await assertEnds(left);
  });

  it('runs only the tests that a pattern names', async () => {
    const result = await run(`it('R1 one', () => {}); it('R2 two', () => { throw new Error(); });`, {
      namePattern: 'R1',
    });
    assert.deepEqual(counts(result), [1, 0, 0]);
  });

  it('ends at once when the run is interrupted', async () => {
    const interrupted = new AbortController();
    const running = run(`it('long', async () => { await new Promise((r) => setTimeout(r, 60_000)); });`, {
      testMs: 120_000,
      signal: interrupted.signal,
    });
    interrupted.abort();
    const result = await running;
    assert.match(result.failures.at(-1)?.error ?? '', /interrupted/);
    assert.ok(result.tookMs < 10_000);
  });
});

describe('the files of one lane', () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'test lane '));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  /** Runs files in one lane; the first test of each writes down the process that it ran in. */
  async function processesOf(sources: readonly string[], options: Partial<TestLaneOptions> = {}) {
    const lane = new TestLane({ ...bounds, ...options });
    const results: TestFileResult[] = [];
    for (const source of sources) {
      results.push(await lane.run(await write(`${source}; it('pid', () => console.log('pid=' + process.pid));`)));
    }
    assert.equal(await lane.close(), undefined);
    return { results, pids: results.map(({ output }) => /pid=(\d+)/.exec(output)?.[1]) };
  }

  const fine = `it('1', () => {})`;

  it('share a process, and what one prints or fails is not counted for another', async () => {
    const { results, pids } = await processesOf([`it('no', () => { throw new Error('mine'); })`, fine]);
    assert.equal(pids[0], pids[1]);
    assert.deepEqual(results.map(counts), [
      [1, 1, 0],
      [2, 0, 0],
    ]);
    assert.doesNotMatch(results[1]?.output ?? '', /mine/);
  });

  it('find the environment as it was', async () => {
    const set = `it('1', () => { process.env['LEFT_BEHIND'] = '1'; delete process.env['PATH']; })`;
    const seen = `it('1', () => { if (process.env['LEFT_BEHIND'] || !process.env['PATH']) throw new Error('changed'); })`;
    const { results } = await processesOf([set, seen]);
    assert.deepEqual(results.map(counts), [
      [2, 0, 0],
      [2, 0, 0],
    ]);
  });

  it('are not run in the process of a file that left something open, crashed or hung', async () => {
    const leaking = `import net from 'node:net'; it('1', () => { net.createServer().listen(0); })`;
    const { results, pids } = await processesOf([leaking, fine]);
    assert.notEqual(pids[0], pids[1]);
    assert.deepEqual(results.map(counts), [
      [2, 1, 0],
      [2, 0, 0],
    ]);
  });

  it('have a process of their own where their first line asks for it', async () => {
    const alone = `// Runs alone: it judges its process.\n${head}${fine}`;
    const { pids } = await processesOf([fine, alone, fine]);
    assert.equal(new Set(pids).size, 3);
  });

  it('are moved to another process after so many', async () => {
    const { pids } = await processesOf([fine, fine, fine], { filesPerProcess: 2 });
    assert.equal(pids[0], pids[1]);
    assert.notEqual(pids[1], pids[2]);
  });
});

async function assertEnds(pid: number): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await wait(50);
  }
  assert.fail(`process ${pid} is still there`);
}
