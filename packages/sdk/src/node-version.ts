/**
 * Refuses an older Node in one sentence. Each entry imports this module first, so that it runs before the code that an older Node
 * cannot run.
 */
const oldest = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  throw new Error(
    `@colloquy/sdk needs Node ${oldest.join('.')} or newer, and this is Node ${process.versions.node}: install a newer Node, or run the program with "npx -y -p node@24 node <file>".`,
  );
}
