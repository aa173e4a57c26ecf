import { inWorkFolder } from '../process/work-folder.ts';
import { streamBarsOf, streamFiguresOf } from './bars.ts';
import { measureFirstEvents } from './first-event.ts';
import { watchIdleStreams } from './idle.ts';
import type { StreamsPlan } from './plan.ts';
import type { StreamsReport } from './report.ts';
import { setStreamsStage } from './stage.ts';

/** Measures idle streams and the time to the first event, on one platform process. */
export async function measureStreams(plan: StreamsPlan): Promise<StreamsReport> {
  const startedMs = performance.now();
  return inWorkFolder('colloquy-streams-', async (folder) => {
    await using stage = await setStreamsStage(folder, plan.idle.tenants);
    const idle = await watchIdleStreams(stage, plan.idle);
    const firstEvents = await measureFirstEvents(stage, plan.firstEvent);
    const figures = streamFiguresOf(idle, plan.idle.broadcasts, firstEvents);
    const seconds = (performance.now() - startedMs) / 1000;
    return { plan, idle, firstEvents, figures, bars: streamBarsOf(figures), seconds };
  });
}
