/**
 * Every change of a result, by the clock of Redis. KEYS: the hash of the result. ARGV: what to do, the task that asks, and numbers. The
 * hash has `r` the result, `at` when it was stored, `f` until when it is fresh, `s` until when it may be given stale, `c` the task that
 * fetches one and `u` until when that is believed. It leaves when nothing of it means anything any more.
 */
export const resultScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local key, what, task = KEYS[1], ARGV[1], ARGV[2]
local held = redis.call('HMGET', key, 'r', 'at', 'f', 's', 'c', 'u')
local fresh, stale, untilMs = tonumber(held[3]) or 0, tonumber(held[4]) or 0, tonumber(held[6]) or 0
local claimed = held[5] and untilMs > now
local function keep()
  local f = redis.call('HMGET', key, 's', 'u')
  local last = math.max(tonumber(f[1]) or 0, tonumber(f[2]) or 0)
  if last <= now then redis.call('DEL', key) else redis.call('PEXPIREAT', key, last) end
end
if what == 'claim' and fresh <= now and (not claimed or held[5] == task) then
  redis.call('HSET', key, 'c', task, 'u', now + tonumber(ARGV[3]))
  keep()
  return {'claimed'}
end
if what == 'renew' or what == 'fill' or what == 'release' then
  if held[5] ~= task then return {'lost'} end
  if what == 'renew' then
    redis.call('HSET', key, 'u', now + tonumber(ARGV[3]))
  else
    redis.call('HDEL', key, 'c', 'u')
  end
  if what == 'fill' then
    local f = now + tonumber(ARGV[3])
    redis.call('HSET', key, 'r', ARGV[5], 'at', now, 'f', f, 's', f + tonumber(ARGV[4]))
  end
  keep()
  return {'done'}
end
if fresh > now then return {'fresh', held[1], held[2]} end
if claimed then
  if stale > now then return {'stale', held[1], held[2]} end
  return {'under-way'}
end
return {'vacant'}
`;
