/**
 * A lock file for installs: two commands started at once must not install over each other, and a lock left by a
 * killed process must not block all later installs.
 *
 * The file names its owner and the npm process that the owner started; it is stale when both are dead, or when
 * it stays untouched over many of our checks (the owner's process number then belongs to another program).
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';

const checkEveryMs = 500;
const touchEveryMs = 1_000;
/** Counted in checks, not in clock time: after a laptop's sleep both sides wake together and the owner touches first. */
const untouchedChecksMax = 60;
/** The same for an npm that outlived its owner: longer than an install ever takes. */
const orphanChecksMax = 1_200;

function isAlive(pid) {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readLock(file) {
  try {
    const text = readFileSync(file, 'utf8');
    const { mtimeMs } = statSync(file);
    return { text, mtimeMs, ...parseOwner(text) };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file caught between creation and its first write has no owner yet; it ages like any other. */
function parseOwner(text) {
  try {
    return { hasOwner: true, ...JSON.parse(text) };
  } catch {
    return { hasOwner: false };
  }
}

function tryCreate(file, token) {
  try {
    writeFileSync(file, JSON.stringify({ token, pid: process.pid }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes a stale lock away. If a live one was caught by mistake (another waiter was faster), it is put back. */
function removeStale(file, stale) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== stale.text) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  unlinkSync(aside);
}

function hold(file, token) {
  const touch = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Taken away from us; release() notices by the token.
    }
  }, touchEveryMs);
  touch.unref();
  return {
    /** Names the npm process, so that the lock outlives an owner that is killed while npm goes on. */
    recordWorker(worker) {
      writeFileSync(file, JSON.stringify({ token, pid: process.pid, worker }));
    },
    release() {
      clearInterval(touch);
      if (readLock(file)?.token === token) unlinkSync(file);
    },
  };
}

/**
 * Waits until this process owns the lock.
 * @param {string} file where the lock lies
 * @param {(pid: number | undefined) => void} onWait called once when another process holds it
 */
export async function acquireInstallLock(file, onWait) {
  const token = randomUUID();
  let announced = false;
  let seen = { text: '', mtimeMs: 0, checks: 0 };
  while (!tryCreate(file, token)) {
    const lock = readLock(file);
    if (lock === undefined) continue;
    const unchanged = lock.text === seen.text && lock.mtimeMs === seen.mtimeMs;
    seen = { text: lock.text, mtimeMs: lock.mtimeMs, checks: unchanged ? seen.checks + 1 : 0 };
    const ownerGone = lock.hasOwner && !isAlive(lock.pid) && !isAlive(lock.worker);
    const untouched = seen.checks >= (isAlive(lock.worker) ? orphanChecksMax : untouchedChecksMax);
    if (ownerGone || untouched) {
      removeStale(file, lock);
      continue;
    }
    if (!announced) onWait(lock.worker ?? lock.pid);
    announced = true;
    await new Promise((resolve) => setTimeout(resolve, checkEveryMs + Math.random() * 100));
  }
  return hold(file, token);
}
