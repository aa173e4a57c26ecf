export { RedisBucketStore } from './redis-bucket-store.ts';
