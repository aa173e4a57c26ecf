/** The variable that `npm run chaos -- --quick` sets for the test files that it runs. */
export const testTierVariable = 'TEST_TIER';

/**
 * The reason to skip a test that kills processes or runs proxies: `npm test` keeps one of each file, `npm run chaos -- --quick` runs all. False
 * where it runs.
 */
export const skippedOutsideChaos: string | false =
  process.env[testTierVariable] === 'chaos' ? false : 'runs with npm run chaos -- --quick';
