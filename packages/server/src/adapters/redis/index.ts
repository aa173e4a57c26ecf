export { RedisBucketStore } from './redis-bucket-store.ts';
export { RedisResultStore } from './redis-result-store.ts';
