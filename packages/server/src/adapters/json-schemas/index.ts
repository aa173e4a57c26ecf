export { createSchemaJudge } from './schema-judge.ts';
