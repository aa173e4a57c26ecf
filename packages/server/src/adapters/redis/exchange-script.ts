/**
 * Settles every bucket of one process in one call, by the clock of Redis. KEYS are the buckets; ARGV has for each of them the rate, the
 * burst, the taken tokens, and the fill to start with when Redis has lost it. Returns the fill of each. A full bucket is deleted.
 */
export const exchangeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local left = {}
for n, key in ipairs(KEYS) do
  local rate, burst, taken, start = tonumber(ARGV[n * 4 - 3]), tonumber(ARGV[n * 4 - 2]), tonumber(ARGV[n * 4 - 1]), tonumber(ARGV[n * 4])
  local held = redis.call('HMGET', key, 't', 'at')
  local tokens, at = tonumber(held[1]), tonumber(held[2])
  if tokens == nil or at == nil then
    tokens, at = start, now
  end
  tokens = math.min(burst, tokens + rate * math.max(0, now - at) / 1000)
  tokens = math.max(-burst, tokens - taken)
  redis.call('HSET', key, 't', string.format('%.6f', tokens), 'at', string.format('%.0f', math.max(at, now)))
  redis.call('PEXPIRE', key, math.ceil((burst - tokens) / rate * 1000) + 60000)
  left[n] = string.format('%.6f', tokens)
end
return left
`;
