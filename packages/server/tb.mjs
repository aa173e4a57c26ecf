import { readFileSync } from 'node:fs';
const priv=()=>{globalThis.gc();globalThis.gc();const s=readFileSync('/proc/self/smaps_rollup','utf8');const g=(k)=>Number(s.match(new RegExp('^'+k+':\\s+(\\d+)','m'))[1])/1024;return (g('Rss')).toFixed(1)+' anon '+(g('Anonymous')).toFixed(1)};
const h=()=>{const m=process.memoryUsage();return 'heap '+(m.heapUsed/1048576).toFixed(1)+'/'+(m.heapTotal/1048576).toFixed(1)+' ext '+(m.external/1048576).toFixed(1)};
console.log('start',priv(),h());
for (const m of process.argv.slice(2)) { const t=performance.now(); await import(m); console.log(m.padEnd(20), priv(), h(), (performance.now()-t).toFixed(0)+'ms'); }
