/** The tools of the last day, for whoever looks for one by name. */
import { answered, api, type ToolStats } from '../api/client.ts';
import { useAnswer } from '../live/useAnswer.ts';

export function useTools(): readonly ToolStats[] {
  const { data } = useAnswer('tools of the day', async (signal) => {
    const query = { minutes: 1440, limit: 1000, orderBy: 'calls' } as const;
    return (await answered(api.GET('/tools', { params: { query }, signal }))).tools;
  });
  return data ?? [];
}
